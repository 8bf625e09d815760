package dev.yammap.internal;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

import dev.yammap.Backend;
import dev.yammap.LockMode;
import dev.yammap.internal.file.FileGrowth;
import dev.yammap.internal.file.OpenedFile;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.MappingOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Appends to a file that is open for writing anywhere, with an exclusive lock and without
 * one.
 */
@ParameterizedClass
@CsvSource({ "NATIVE, NONE", "NATIVE, EXCLUSIVE", "PORTABLE, NONE", "PORTABLE, EXCLUSIVE" })
class FileGrowthTests {

	private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

	@Parameter(0)
	@SuppressWarnings("NullAway.Init")
	private Backend backend;

	@Parameter(1)
	@SuppressWarnings("NullAway.Init")
	private LockMode lock;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@SuppressWarnings("NullAway.Init")
	private OpenedFile file;

	@SuppressWarnings("NullAway.Init")
	private FileGrowth growth;

	@BeforeEach
	void open() throws IOException {
		Path path = Files.write(path(), CONTENT);
		AccessOptions access = AccessOptions.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
		Opening opening = new Opening(Backends.get(this.backend), path, access,
				MappingOptions.DEFAULT.withLock(this.lock), true, true);
		this.file = opening.open(PosixFilePermissions.fromString("rw-------"), 0, (parts) -> parts);
		this.growth = this.file.growth();
	}

	private Path path() {
		return this.directory.resolve("file");
	}

	@AfterEach
	void close() throws IOException {
		this.file.close();
	}

	@Test
	void appendReturnsWhereItWent() throws IOException {
		assertThat(this.growth.append(CONTENT, 3, 4)).isEqualTo(7);
		assertThat(this.growth.append(CONTENT, 0, 3)).isEqualTo(11);
		assertThat(this.file.state().size()).isEqualTo(14);
		assertThat(path()).hasContent("contenttentcon");
	}

	@Test
	void appendsAndWritesAtTheEndTakeTurns() throws IOException {
		for (int i = 0; i < 5; i++) {
			long end = this.file.state().size();
			assertThat(this.growth.append(CONTENT, 0, 1)).isEqualTo(end);
			assertThat(this.growth.extend(MemorySegment.ofArray(CONTENT), 1, 1, end + 1)).isTrue();
		}
		this.growth.truncate(40);
		assertThat(this.growth.append(CONTENT, 0, 7)).isEqualTo(40);
		assertThat(Files.readString(path())).isEqualTo("content" + "co".repeat(5) + "\0".repeat(23) + "content");
	}

	@Test
	void appendMayBeLongerThanWhatIsWrittenAtOnce() throws IOException {
		byte[] much = new byte[200_000];
		much[199_999] = 1;
		assertThat(this.growth.append(much, 0, much.length)).isEqualTo(7);
		assertThat(this.file.state().size()).isEqualTo(200_007);
		assertThat(Files.readAllBytes(path())).startsWith(CONTENT).endsWith(1);
	}

	@Test
	void everyThreadLearnsItsOwnPlace() throws Exception {
		Map<Long, Long> places = new ConcurrentHashMap<>();
		List<Thread> threads = new ArrayList<>();
		for (int thread = 0; thread < 4; thread++) {
			long first = 1000L * thread;
			threads.add(Thread.ofPlatform().start(() -> {
				for (long value = first; value < first + 250; value++) {
					places.put(append(value), value);
				}
			}));
		}
		for (Thread thread : threads) {
			thread.join();
		}
		ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(path()));
		assertThat(places).hasSize(1000);
		places.forEach((place, value) -> assertThat(content.getLong(place.intValue())).isEqualTo(value));
		this.growth.requireExpectedEnd("sync");
	}

	private long append(long value) {
		try {
			return this.growth.append(ByteBuffer.allocate(Long.BYTES).putLong(0, value).array(), 0, Long.BYTES);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
