package io.handover;

import io.handover.ui.FilePicker;
import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import javafx.stage.FileChooser.ExtensionFilter;
import javafx.stage.Stage;

/// Asks with the operating system's own dialogs.
record ChosenFiles(Stage window) implements FilePicker {

    @Override
    public Optional<Path> open(String title, String kind, String pattern) {
        return Optional.ofNullable(chooser(title, kind, pattern).showOpenDialog(window))
                .map(File::toPath);
    }

    @Override
    public Optional<Path> save(String title, String kind, String pattern, String name) {
        var chooser = chooser(title, kind, pattern);
        chooser.setInitialFileName(name);
        return Optional.ofNullable(chooser.showSaveDialog(window)).map(File::toPath);
    }

    @Override
    public Optional<Path> folder(String title) {
        var chooser = new DirectoryChooser();
        chooser.setTitle(title);
        return Optional.ofNullable(chooser.showDialog(window)).map(File::toPath);
    }

    private static FileChooser chooser(String title, String kind, String pattern) {
        var chooser = new FileChooser();
        chooser.setTitle(title);
        chooser.getExtensionFilters().add(new ExtensionFilter(kind, pattern));
        return chooser;
    }
}
