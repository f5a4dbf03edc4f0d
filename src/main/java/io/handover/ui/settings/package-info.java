/// The window's own settings: theme, folders, versions, keys.
package io.handover.ui.settings;
