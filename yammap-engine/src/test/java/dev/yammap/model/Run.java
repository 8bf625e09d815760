package dev.yammap.model;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;

import dev.yammap.Mmap;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A sequence of steps on a mapped file and on an ordinary one.
 */
final class Run implements AutoCloseable {

	private static final int STEPS_BETWEEN_LOOKS = 10;

	private final Recorder recorder;

	private final Path path;

	private final Path ordinaryPath;

	private final byte[] before;

	private Setup setup;

	private Mmap file;

	private OrdinaryFile ordinary;

	private FileChannel channel;

	private FileChannel ordinaryChannel;

	/** Taken when the file was opened. */
	private MemorySegment view;

	Run(Path directory, Setup setup, Recorder recorder) throws IOException {
		this.recorder = recorder;
		this.path = directory.resolve("mapped.dat");
		this.ordinaryPath = directory.resolve("ordinary.dat");
		this.setup = setup;
		this.before = setup.content();
		setup.prepare(this.path);
		setup.prepare(this.ordinaryPath);
		this.file = recorder.recorded(setup.open(this.path));
		this.ordinary = new OrdinaryFile(this.ordinaryPath, setup);
		this.channel = recorder.recorded(this.file.channel());
		this.ordinaryChannel = this.ordinary.channel();
		this.view = view();
	}

	private MemorySegment view() {
		return this.setup.reads() ? this.file.segment() : MemorySegment.NULL;
	}

	void run(List<Step> steps) throws IOException {
		int number = 0;
		for (Step step : steps) {
			step(step, number++);
		}
		if (this.file.isOpen() && this.setup.reads()) {
			assertThat(this.file.segment().toArray(ValueLayout.JAVA_BYTE)).as("at the end")
				.isEqualTo(contentOf(this.file.size()));
		}
		assertThat(Files.readAllBytes(this.path)).as("on disk")
			.isEqualTo(this.setup.isPrivate() ? this.before : Files.readAllBytes(this.ordinaryPath));
	}

	private byte[] contentOf(long size) throws IOException {
		return Arrays.copyOf(Files.readAllBytes(this.ordinaryPath), (int) size);
	}

	private void step(Step step, int number) throws IOException {
		switch (step.action()) {
			case REOPEN -> reopen();
			case CHANNEL -> {
				this.channel = this.recorder.recorded(this.file.channel());
				this.ordinaryChannel = this.ordinary.channel();
			}
			default -> assertThat(new Calls(this.file, this.channel, step).outcome()).as("%d: %s", number, step)
				.isEqualTo(new Calls(this.ordinary, this.ordinaryChannel, step).outcome());
		}
		// Where it cannot be sure it may say no.
		assertThat(this.file.isDirty() || !this.ordinary.isDirty()).as("dirty after %d: %s", number, step).isTrue();
		if (number % STEPS_BETWEEN_LOOKS == 0 && this.file.isOpen()) {
			int size = (int) Math.min(this.view.byteSize(), this.file.size());
			assertThat(this.view.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE)).as("view after %d: %s", number, step)
				.isEqualTo(contentOf(size));
		}
	}

	private void reopen() throws IOException {
		if (this.file.isOpen()) {
			return;
		}
		if (this.setup.isPrivate()) {
			Files.copy(this.path, this.ordinaryPath, StandardCopyOption.REPLACE_EXISTING);
		}
		this.setup = this.setup.again();
		this.file = this.recorder.recorded(this.setup.open(this.path));
		this.ordinary = new OrdinaryFile(this.ordinaryPath, this.setup);
		this.channel = this.recorder.recorded(this.file.channel());
		this.ordinaryChannel = this.ordinary.channel();
		this.view = view();
	}

	@Override
	public void close() throws IOException {
		this.file.close();
		this.ordinary.close();
	}

}
