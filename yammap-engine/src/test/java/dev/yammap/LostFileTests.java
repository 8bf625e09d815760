package dev.yammap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;

import dev.yammap.faults.ChildJvm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of files that nobody closes. The garbage collector is asked to run until
 * it has found them, so nothing here depends on when it does.
 */
class LostFileTests extends AbstractMmapTests {

	private static final String TRACKING = "yammap.leak-tracking";

	private LeakReports reports = new LeakReports(Path.of(""));

	@BeforeEach
	void listen() {
		this.reports = new LeakReports(this.directory);
		this.reports.listen();
	}

	@AfterEach
	void listenNoMore() {
		System.clearProperty(TRACKING);
		this.reports.close();
	}

	@Test
	void lostFileIsReportedOnceAndGivesEverythingBack() throws Exception {
		write(new byte[SOME_PAGES]);
		for (Way way : Way.values()) {
			lose(way);
			LogRecord report = this.reports.next();
			assertThat(report.getLevel()).isEqualTo(Level.WARNING);
			assertThat(report.getMessage()).contains(path().toString(), "without being closed",
					"-D" + TRACKING + "=true");
			assertThat(report.getThrown()).isNull();
			assertThat(ProcessFiles.descriptors(this.directory)).isEmpty();
			assertThat(ProcessFiles.mappings(this.directory)).isEmpty();
		}
		assertThat(this.reports.afterCollection()).isEmpty();
	}

	private void lose(Way way) throws IOException {
		Mmap file = switch (way) {
			case READ_ONLY -> builder(path()).open();
			case READ_WRITE -> readWrite().open();
			case APPEND -> builder(path()).options(StandardOpenOption.APPEND).open();
			case PRIVATE -> readWrite().mode(MapMode.PRIVATE).open();
		};
		if (file.isWritable() && way != Way.APPEND) {
			file.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
			file.access(0, 10, MemorySegment::byteSize);
		}
		assertThat(ProcessFiles.mappings(this.directory)).isNotEmpty();
	}

	@Test
	void lostFileThatOutgrewItsMappingGivesEveryMappingBack() throws Exception {
		loseGrown();
		this.reports.next();
		assertThat(ProcessFiles.descriptors(this.directory)).isEmpty();
		assertThat(ProcessFiles.mappings(this.directory)).isEmpty();
	}

	private void loseGrown() throws IOException {
		Mmap file = creating().reserve(4096).open();
		for (int size = 1; size < 1 << 24; size *= 2) {
			file.truncate(size);
			file.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
		}
		assertThat(ProcessFiles.mappings(this.directory)).hasSizeGreaterThan(2);
	}

	@Test
	void reportSaysWhereTheFileWasOpenedIfThatIsTracked() throws Exception {
		System.setProperty(TRACKING, "true");
		loseCreated();
		LogRecord report = this.reports.next();
		assertThat(report.getMessage()).contains(path().toString(), "It was opened here");
		assertThat(report.getThrown()).hasMessageContaining(Thread.currentThread().getName());
		assertThat(report.getThrown().getStackTrace()).extracting(StackTraceElement::getMethodName)
			.contains("loseCreated", "reportSaysWhereTheFileWasOpenedIfThatIsTracked");
	}

	private void loseCreated() throws IOException {
		creating().size(100).open().sync();
	}

	@Test
	void closedFileIsNotReported() throws Exception {
		for (int i = 0; i < 100; i++) {
			openAndClose();
		}
		assertThat(this.reports.afterCollection()).isEmpty();
	}

	private void openAndClose() throws IOException {
		try (Mmap file = creating().size(100).open()) {
			file.segment();
			file.channel();
		}
	}

	@Test
	void fileIsInUseWhileAChannelIs() throws Exception {
		SeekableByteChannel channel = channelOfLost();
		assertThat(this.reports.afterCollection()).isEmpty();
		assertThat(channel.read(ByteBuffer.allocate(100))).isEqualTo(100);
		channel = null;
		assertThat(this.reports.next().getMessage()).contains(path().toString());
		assertThat(ProcessFiles.mappings(this.directory)).isEmpty();
	}

	private SeekableByteChannel channelOfLost() throws IOException {
		return creating().size(100).open().channel();
	}

	@ParameterizedTest
	@EnumSource(View.class)
	void fileIsInUseWhileAViewIs(View kind) throws Exception {
		Object view = kind.ofLost(this);
		assertThat(this.reports.afterCollection()).isEmpty();
		assertThat(View.firstByte(view)).isEqualTo((byte) 42);
		view = null;
		String report = this.reports.next().getMessage();
		assertThat(report).contains(path().toString());
		assertThat(ProcessFiles.descriptors(this.directory)).isEmpty();
		if (this.backend == Backend.NATIVE) {
			assertThat(ProcessFiles.mappings(this.directory)).isEmpty();
		}
		else {
			assertThat(report).contains("except its memory");
		}
	}

	@Test
	void fileThatLentAViewIsNotReportedOnceClosed() throws Exception {
		MemorySegment view = viewOfClosed();
		assertThat(this.reports.afterCollection()).isEmpty();
		assertThat(view.scope().isAlive()).isFalse();
		view = null;
		assertThat(this.reports.afterCollection()).isEmpty();
		assertThat(ProcessFiles.mappings(this.directory)).isEmpty();
	}

	private MemorySegment viewOfClosed() throws IOException {
		try (Mmap file = creating().size(100).open()) {
			return file.segment();
		}
	}

	@Test
	void everyViewRefersToTheScopeThatIsWatched() throws IOException {
		Mmap file = open(creating().size(SOME_PAGES).reserve(4096));
		MemorySegment.Scope scope = file.segment().scope();
		assertThat(file.segment(10, 20).scope()).isSameAs(scope);
		assertThat(file.segment().asSlice(5, 5).asReadOnly().scope()).isSameAs(scope);
		assertThat(MemorySegment.ofBuffer(file.segment().asByteBuffer()).scope()).isSameAs(scope);
		file.truncate(10L * SOME_PAGES);
		assertThat(file.segment().scope()).isSameAs(scope);
	}

	/** In a virtual machine of its own, where everything is soon compiled. */
	@Test
	void fileIsNotLostWithinItsLastCall(@TempDir Path own) throws Exception {
		new ChildJvm(LostCallProgram.class, own).on(this.backend)
			.flags(List.of("-XX:+UseSerialGC", "-XX:CompileThresholdScaling=0.01"))
			.arguments(own, this.backend)
			.run();
	}

	private Mmap.Builder readWrite() {
		return builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE);
	}

	private Mmap.Builder creating() {
		return builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
	}

	/** Ways to open a file. */
	private enum Way {

		READ_ONLY, READ_WRITE, APPEND, PRIVATE

	}

	/**
	 * What is left in use of a file.
	 */
	enum View {

		WHOLE {

			@Override
			Object of(Mmap file) {
				return file.segment();
			}

		},

		PART_OF_PART {

			@Override
			Object of(Mmap file) {
				return file.segment(0, 50).asReadOnly().asSlice(0, 10);
			}

		},

		BUFFER {

			@Override
			Object of(Mmap file) {
				return file.segment().asByteBuffer().slice(0, 10);
			}

		};

		Object ofLost(LostFileTests test) throws IOException {
			Mmap file = test.creating().size(100).open();
			file.set(ValueLayout.JAVA_BYTE, 0, (byte) 42);
			return of(file);
		}

		abstract Object of(Mmap file);

		static byte firstByte(Object view) {
			return (view instanceof ByteBuffer buffer) ? buffer.get(0)
					: ((MemorySegment) view).get(ValueLayout.JAVA_BYTE, 0);
		}

	}

}
