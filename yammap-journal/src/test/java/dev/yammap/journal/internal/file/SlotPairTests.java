package dev.yammap.journal.internal.file;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;

import dev.yammap.Mmap;
import dev.yammap.journal.internal.format.SlotFormat;
import dev.yammap.journal.internal.format.SlotKind;
import dev.yammap.journal.internal.format.SlotState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Which of two slots is written over.
 */
class SlotPairTests {

	private static final long OWNER = 42;

	private static final int SIZE = 2 * SlotFormat.SECTOR;

	private final SlotPair slots = new SlotPair(SlotKind.READER, OWNER, 0, null);

	@SuppressWarnings("NullAway.Init")
	private Mmap file;

	@BeforeEach
	void open(@TempDir Path directory) throws IOException {
		this.file = Mmap.create(directory.resolve("slots"), SIZE);
	}

	@AfterEach
	void close() throws IOException {
		this.file.close();
	}

	private @Nullable SlotState read(int from, int to) throws IOException {
		byte[] bytes = new byte[SIZE];
		this.file.readAt(bytes, from, to - from, from);
		return SlotFormat.decode(bytes, 0, SlotKind.READER, OWNER);
	}

	private long value() throws IOException {
		SlotState state = read(0, SIZE);
		assertThat(state).isNotNull();
		return state.value(0);
	}

	/** Returns the same file, of which one method fails. */
	private Mmap failing(String failingMethod) {
		return (Mmap) Proxy.newProxyInstance(Mmap.class.getClassLoader(), new Class<?>[] { Mmap.class },
				(_, method, arguments) -> {
					if (method.getName().equals(failingMethod)) {
						throw new IOException("no " + failingMethod);
					}
					try {
						return method.invoke(this.file, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

	@Test
	void statesGoToTheSlotsInTurn() throws IOException {
		for (int i = 1; i < 5; i++) {
			this.slots.writeDurably(this.file, SlotKind.READER, i);
			assertThat(value()).isEqualTo(i);
		}
		assertThat(this.slots.turn()).isEqualTo(4);
		assertThat(read(0, SlotFormat.SECTOR)).extracting((state) -> state.value(0)).isEqualTo(4L);
		assertThat(read(SlotFormat.SECTOR, SIZE)).extracting((state) -> state.value(0)).isEqualTo(3L);
	}

	/** After a failed flush nobody knows which states are on the disk, but the last. */
	@Test
	void stateThatIsDurableIsNotWrittenOverUntilTheNextIs() throws IOException {
		this.slots.writeDurably(this.file, SlotKind.READER, 1);
		Mmap failing = failing("sync");
		for (int i = 2; i < 5; i++) {
			int next = i;
			assertThatIOException().isThrownBy(() -> this.slots.writeDurably(failing, SlotKind.READER, next));
			assertThat(read(SlotFormat.SECTOR, SIZE)).extracting((state) -> state.value(0)).isEqualTo(1L);
			assertThat(value()).as("what others read").isEqualTo(1);
		}
		this.slots.writeDurably(this.file, SlotKind.READER, 5);
		assertThat(value()).isEqualTo(5);
	}

	@Test
	void lastStateIsWrittenOver() throws IOException {
		this.slots.write(this.file, 1);
		this.slots.write(this.file, 2);
		this.slots.writeOver(this.file, 3);
		assertThat(value()).isEqualTo(3);
		assertThat(this.slots.turn()).isEqualTo(2);
		assertThat(read(SlotFormat.SECTOR, SIZE)).extracting((state) -> state.value(0)).isEqualTo(1L);
	}

	@Test
	void stateThatCouldNotBeWrittenOverStaysUntilTheNextIsThere() throws IOException {
		this.slots.write(this.file, 1);
		this.slots.write(this.file, 2);
		assertThatIOException().isThrownBy(() -> this.slots.writeOver(failing("writeAt"), 3));
		this.slots.write(this.file, 4);
		assertThat(this.slots.turn()).isEqualTo(3);
		assertThat(value()).isEqualTo(4);
		assertThat(read(0, SlotFormat.SECTOR)).extracting((state) -> state.value(0)).isEqualTo(2L);
	}

}
