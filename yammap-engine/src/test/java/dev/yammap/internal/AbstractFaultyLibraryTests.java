package dev.yammap.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

import dev.yammap.Mmap;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.linux.FaultyLibrary;

/**
 * Opens files through a C library whose calls fail as a test wants, and closes them when
 * it is mended.
 */
public abstract class AbstractFaultyLibraryTests {

	protected final FaultyLibrary library = new FaultyLibrary();

	/** What is closed in the end. */
	protected final List<Mmap> opened = new ArrayList<>();

	protected MappingOptions mapping = MappingOptions.DEFAULT;

	@TempDir
	protected Path directory = Path.of("");

	@AfterEach
	protected void closeFiles() throws IOException {
		this.library.mend();
		for (Mmap file : this.opened) {
			file.close();
		}
	}

}
