package dev.yammap.journal.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.JournalFiles;
import dev.yammap.journal.LoggedWarnings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The power is cut while a journal is opened whose end is torn, and of which most records
 * are to be written anew: the next opening finds every record before the torn end, and
 * what was torn is kept.
 */
@Tag("faults")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class PowerCutOpeningTests {

	/** How many openings fail as the power is cut. About as many more end before. */
	private static final int FAILED = Integer.getInteger("yammap.journal.failed-openings", 20);

	private static final int SYNCED = 100;

	/** In the second segment. */
	private static final int TORN = 390;

	private static final int RECORDS = 400;

	private static final int SPREAD = (int) TimeUnit.MILLISECONDS.toNanos(6);

	private static final long STEP = TimeUnit.MICROSECONDS.toNanos(500);

	@TempDir
	private Path temporary;

	private final LoggedWarnings logged = new LoggedWarnings();

	private final Random random = new Random(20260101);

	/** How long after an opening begins its power is cut, more or less. */
	private long delay;

	@AfterEach
	void stopListening() {
		this.logged.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "EXT4", "XFS" })
	void openingThatIsCutLosesNothing(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, (kind == Disk.Kind.EXT4) ? "64m" : "320m", this.temporary)) {
			cutOpenings(disk);
		}
	}

	@ParameterizedTest
	@EnumSource
	void openingThatIsCutLosesNothingOfADiskWithAVolatileCache(VolatileDisk.Kind kind) throws Exception {
		try (VolatileDisk disk = VolatileDisk.mount(kind, this.temporary, 20260101)) {
			cutOpenings(disk);
		}
	}

	private void cutOpenings(PoweredDisk disk) throws Exception {
		Path path = disk.resolve("journal");
		JournalFiles torn = torn();
		int failed = 0;
		long step = STEP;
		boolean openedBefore = false;
		try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
			for (int cycle = 0; failed < FAILED; cycle++) {
				torn.writeTo(path);
				Command.run("sync", "-f", path);
				boolean opened = cutOpening(disk, path, thread);
				failed += opened ? 0 : 1;
				// Where all of them end or fail, the cuts say nothing.
				step = (opened == openedBefore) ? 2 * step : STEP;
				openedBefore = opened;
				this.delay += opened ? -step : step;
				disk.startAgain();
				check(path, "opening " + cycle);
			}
		}
	}

	/** A journal as a crash leaves it. */
	private JournalFiles torn() throws IOException {
		Path path = this.temporary.resolve("journal");
		try (Journal journal = open(path)) {
			for (long key = 0; key < RECORDS; key++) {
				journal.append(Workload.content(key));
				if (key == SYNCED) {
					journal.sync();
				}
			}
			return JournalFiles.of(path).zeroRecord(Workload.content(TORN));
		}
	}

	private static Journal open(Path path) throws IOException {
		return Journal.builder(path).segmentSize(64 << 10).open();
	}

	/** Returns whether it was open before the power was cut. */
	private boolean cutOpening(PoweredDisk disk, Path path, ExecutorService thread) throws Exception {
		long cutAfter = this.delay + this.random.nextInt(SPREAD) - SPREAD / 2;
		Future<Journal> opening = thread.submit(() -> {
			LockSupport.parkNanos(-cutAfter);
			return open(path);
		});
		LockSupport.parkNanos(cutAfter);
		disk.cutPower();
		Journal journal;
		try {
			journal = opening.get();
		}
		catch (ExecutionException ex) {
			// Of a disk that is gone.
			assertThat(ex.getCause()).isInstanceOf(IOException.class).isNotInstanceOf(JournalDamagedException.class);
			return false;
		}
		try {
			journal.close();
		}
		catch (IOException ex) {
			// The disk is gone.
		}
		return true;
	}

	private void check(Path path, String what) throws IOException {
		this.logged.messages().clear();
		try (Journal journal = open(path)) {
			assertThat(Workload.read(journal)).as(what).isEqualTo(LongStream.range(0, TORN).toArray());
			for (Path file : journal.recovery().putAside()) {
				assertThat(this.logged.messages()).as(what)
					.anySatisfy((message) -> assertThat(message).endsWith(file.toString()));
			}
		}
		try (Stream<Path> files = Files.list(path)) {
			List<Path> kept = files.filter((file) -> file.toString().endsWith(".torn")).toList();
			assertThat(kept).as(what).anySatisfy((file) -> assertThat(contains(file, RECORDS - 1)).isTrue());
		}
	}

	private static boolean contains(Path file, long key) throws IOException {
		String content = new String(Workload.content(key), StandardCharsets.ISO_8859_1);
		return Files.readString(file, StandardCharsets.ISO_8859_1).contains(content);
	}

}
