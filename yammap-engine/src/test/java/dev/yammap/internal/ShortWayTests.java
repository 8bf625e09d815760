package dev.yammap.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.yammap.Backend;
import dev.yammap.internal.file.OpenedFile;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.MappingOptions;

import static org.assertj.core.api.Assertions.assertThat;

/** Which files may be read and written by the shortest way. */
class ShortWayTests {

	private static final long SIZE = 1 << 20;

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource(names = { "NATIVE", "PORTABLE" })
	void fileThatGrewWhileItWasOpenedGoesTheShortWayToItsEnd(Backend backend) throws IOException {
		AccessOptions access = AccessOptions.forCreation(StandardOpenOption.READ, StandardOpenOption.WRITE,
				StandardOpenOption.CREATE);
		Opening opening = new Opening(Backends.get(backend), this.directory.resolve("file"), access,
				MappingOptions.DEFAULT, true, true);
		OpenedFile opened = opening.open(PosixFilePermissions.fromString("rw-------"), SIZE, (parts) -> parts);
		try (FileMmap file = new FileMmap(opened, false, List.of())) {
			assertThat(file.size()).isEqualTo(SIZE);
			assertThat(opened.state().readEnd()).isEqualTo(SIZE);
			assertThat(opened.state().writeEnd()).isEqualTo(SIZE);
		}
	}

}
