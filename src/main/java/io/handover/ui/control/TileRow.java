package io.handover.ui.control;

import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.layout.Pane;

/// Tiles of one size side by side, as many in a row as fit; all rows are filled evenly.
public final class TileRow extends Pane {

    private static final double GAP = 10;

    private final double least;

    /// Tiles that are never narrower than `least`.
    public TileRow(double least, Node... tiles) {
        this.least = least;
        getChildren().addAll(tiles);
        setMinWidth(0);
    }

    @Override
    public Orientation getContentBias() {
        return Orientation.HORIZONTAL;
    }

    @Override
    protected double computePrefWidth(double height) {
        int count = getManagedChildren().size();
        return count * (least + GAP) - GAP;
    }

    @Override
    protected double computeMinHeight(double width) {
        return computePrefHeight(width);
    }

    @Override
    protected double computePrefHeight(double width) {
        if (getManagedChildren().isEmpty()) {
            return 0;
        }
        int rows = Math.ceilDiv(getManagedChildren().size(), columns(width < 0 ? getWidth() : width));
        return rows * (tileHeight() + GAP) - GAP;
    }

    @Override
    protected void layoutChildren() {
        var tiles = getManagedChildren();
        int columns = columns(getWidth());
        double height = tileHeight();
        for (int i = 0; i < tiles.size(); i++) {
            int column = i % columns;
            // Edges rounded one by one, so that the last tile ends where the row ends.
            double left = Math.round(column * (getWidth() + GAP) / columns);
            double right = Math.round((column + 1) * (getWidth() + GAP) / columns - GAP);
            tiles.get(i).resizeRelocate(left, Math.floorDiv(i, columns) * (height + GAP), right - left, height);
        }
    }

    /// As many as fit, but no row with fewer than the others if that can be helped: four over one is two over two.
    private int columns(double width) {
        int count = Math.max(1, getManagedChildren().size());
        int fit = (int) Math.clamp(Math.floor((width + GAP) / (least + GAP)), 1, count);
        int rows = Math.ceilDiv(count, fit);
        return Math.ceilDiv(count, rows);
    }

    private double tileHeight() {
        return Math.ceil(getManagedChildren().stream()
                .mapToDouble(tile -> tile.prefHeight(-1))
                .max()
                .orElse(0));
    }
}
