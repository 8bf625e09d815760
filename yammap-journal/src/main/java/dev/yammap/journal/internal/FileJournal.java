package dev.yammap.journal.internal;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

import dev.yammap.internal.fault.StackReserve;
import dev.yammap.journal.DamageAction;
import dev.yammap.journal.NamedReader;
import dev.yammap.journal.RecoveryReport;
import dev.yammap.journal.internal.JournalOpener.Settings;
import dev.yammap.journal.internal.file.CleanUp;
import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.Segments;
import dev.yammap.journal.internal.read.ControlFromSegments;
import dev.yammap.journal.internal.read.RecordSource;
import dev.yammap.journal.internal.recovery.Recovered;
import dev.yammap.journal.internal.recovery.Recovery;
import dev.yammap.journal.internal.write.Appender;
import dev.yammap.journal.internal.write.Durability;
import dev.yammap.journal.internal.write.Publication;
import dev.yammap.journal.internal.write.Retention;
import dev.yammap.journal.internal.write.Rolling;
import dev.yammap.journal.internal.write.SealingClock;
import dev.yammap.journal.internal.write.SegmentPipeline;
import dev.yammap.journal.internal.write.Waiters;
import dev.yammap.journal.internal.write.WriterState;

/**
 * A journal that this process writes.
 */
final class FileJournal extends AbstractJournal {

	/** Enough for a close, of which no step may be left out. */
	private static final int STACK_LEVELS = 128;

	private final JournalDirectory files;

	private final ControlFile control;

	private final WriterState state;

	private final Segments segments;

	private final Durability durability;

	private final Retention retention;

	private final Rolling rolling;

	private final Appender appender;

	private final Waiters waiters = new Waiters();

	private final CountDownLatch closed = new CountDownLatch(1);

	private final RecordSource source;

	private final RecoveryReport report;

	private final boolean syncOnAppend;

	private FileJournal(JournalDirectory directory, ControlFile control, Recovered recovered, Settings settings)
			throws IOException {
		super(directory, control.journalId(), settings.events());
		this.files = directory;
		this.control = control;
		this.report = recovered.report();
		this.syncOnAppend = settings.syncOnAppend();
		this.state = new WriterState(directory.path());
		this.segments = new Segments(recovered.segments());
		Publication publication = new Publication(this.state, recovered.next());
		this.durability = new Durability(this.state, publication, this.segments, this.waiters, recovered.next());
		long lastSealing = recovered.segments().stream().mapToLong(SegmentFile::sealedAt).max().orElse(0);
		SealingClock clock = new SealingClock(settings.clock(), settings.nanos(), lastSealing);
		this.retention = new Retention(directory, control, this.segments, this.durability::durable, clock,
				settings.maxSize(), settings.sizeLimit(), settings.maxAge(), settings.whenHeldUp());
		SegmentPipeline pipeline = new SegmentPipeline(directory, control, this.retention, settings.segmentSize(),
				recovered.spare(), recovered.nextIndex());
		try {
			this.rolling = new Rolling(this.state, this.segments, pipeline, this.durability, clock, recovered.offset(),
					recovered.next());
			this.appender = new Appender(this.state, publication, this.durability, this.rolling, this.waiters,
					settings.mostContent());
			this.source = new WriterSource(this.state, this.segments, publication, this.durability, this.waiters,
					this.retention, settings.whenDamaged() == DamageAction.SKIP, settings.events());
		}
		catch (IOException | RuntimeException | Error failure) {
			CleanUp.after(failure, pipeline::close);
			CleanUp.after(failure, this.segments.last()::unmap);
			throw failure;
		}
	}

	static FileJournal open(JournalDirectory directory, boolean create, Settings settings) throws IOException {
		ControlFile control = ControlFile.openToWrite(directory, create,
				new ControlFromSegments(directory, settings.whenDamaged()));
		try {
			Recovered recovered = new Recovery(directory, control, settings.whenDamaged(), settings.segmentSize())
				.run();
			return new FileJournal(directory, control, recovered, settings);
		}
		catch (IOException | RuntimeException | Error failure) {
			CleanUp.after(failure, control::close);
			throw failure;
		}
	}

	@Override
	RecordSource source() {
		return this.source;
	}

	@Override
	List<SegmentFile> files() {
		return this.segments.list();
	}

	/** Opens a reader. No segment is removed while its first position is stored. */
	@Override
	NamedReader open(String name) throws IOException {
		synchronized (this.retention) {
			return super.open(name);
		}
	}

	@Override
	public long append(byte[] content, int index, int length) throws IOException {
		long number = write(content, index, length);
		return this.syncOnAppend ? durable(number) : number;
	}

	@Override
	public long append(ByteBuffer content) throws IOException {
		long number = write(content);
		return this.syncOnAppend ? durable(number) : number;
	}

	@Override
	public long append(MemorySegment content) throws IOException {
		long number = write(content);
		return this.syncOnAppend ? durable(number) : number;
	}

	private long write(byte[] content, int index, int length) throws IOException {
		try {
			return this.appender.append(content, index, length);
		}
		catch (IOException ex) {
			throw events().appendFailed(ex);
		}
	}

	private long write(ByteBuffer content) throws IOException {
		try {
			return this.appender.append(content);
		}
		catch (IOException ex) {
			throw events().appendFailed(ex);
		}
	}

	private long write(MemorySegment content) throws IOException {
		try {
			return this.appender.append(content);
		}
		catch (IOException ex) {
			throw events().appendFailed(ex);
		}
	}

	@Override
	public void sync() throws IOException {
		this.durability.sync(this.rolling);
	}

	@Override
	public long appendAndSync(byte[] content) throws IOException {
		return durable(write(content, 0, content.length));
	}

	@Override
	public long appendAndSync(ByteBuffer content) throws IOException {
		return durable(write(content));
	}

	@Override
	public long appendAndSync(MemorySegment content) throws IOException {
		return durable(write(content));
	}

	/** Syncs a record. If a close overtakes this, the close makes the record durable. */
	private long durable(long number) throws IOException {
		try {
			if (this.durability.durable() <= number) {
				this.durability.sync(this.rolling, number);
			}
		}
		catch (ClosedChannelException ex) {
			if (this.state.isClosed()) {
				awaitClose();
			}
			if (durableSequence() <= number) {
				this.state.requireNotFailed();
				throw ex;
			}
		}
		return number;
	}

	private void awaitClose() {
		StackReserve.require(STACK_LEVELS);
		boolean interrupted = false;
		while (this.closed.getCount() > 0) {
			try {
				this.closed.await();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public long firstSequence() {
		return this.segments.first().first();
	}

	@Override
	public long nextSequence() {
		return this.rolling.nextNumber();
	}

	@Override
	public long durableSequence() {
		return this.durability.durable();
	}

	@Override
	public void roll() throws IOException {
		this.state.check();
		this.rolling.roll();
	}

	@Override
	public long removeBefore(long sequence) throws IOException {
		this.state.requireOpen();
		this.retention.removeBefore(sequence);
		return firstSequence();
	}

	@Override
	public void applyRetention() throws IOException {
		this.state.requireOpen();
		this.retention.apply();
	}

	@Override
	public long copyTo(Path target) throws IOException {
		Rolling.HeldEnd end = this.rolling.syncToEnd();
		try (Closeable _ = end.segment()::release) {
			return new JournalCopy(this.files, this.control.journalId(), this.segments, end).to(target);
		}
	}

	@Override
	public RecoveryReport recovery() {
		return this.report;
	}

	@Override
	public boolean isOpen() {
		return !this.state.isClosed();
	}

	@Override
	public Optional<Throwable> failure() {
		return Optional.ofNullable(this.state.failure());
	}

	@Override
	public void close() throws IOException {
		StackReserve.require(STACK_LEVELS);
		if (this.state.close()) {
			try (this.control) {
				Rolling.End end = this.rolling.close();
				if (this.state.failure() == null) {
					this.control.change((state) -> state.closed(end.number(), end.segment(), end.offset()));
				}
			}
			finally {
				this.closed.countDown();
				this.waiters.wake();
				events().closed();
			}
		}
	}

}
