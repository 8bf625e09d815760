package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.yammap.Backend;
import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalReader;
import dev.yammap.journal.JournalRecord;
import dev.yammap.journal.JournalSegment;
import dev.yammap.journal.NamedReader;
import dev.yammap.journal.RecoveryReport;
import dev.yammap.spring.boot.swap.SyncObserver;

/**
 * A journal whose syncs are observed. Each call that returns only when something is
 * durable is an observation, with everything that its caller waits for. It hands every
 * call on as it is.
 */
final class ObservedJournal implements Journal {

	private final Journal journal;

	private final boolean syncOnAppend;

	private final SyncObserver syncs;

	/**
	 * Wraps a journal.
	 * @param journal the journal
	 * @param syncOnAppend whether each append syncs
	 * @param syncs observes the syncs
	 */
	ObservedJournal(Journal journal, boolean syncOnAppend, SyncObserver syncs) {
		this.journal = journal;
		this.syncOnAppend = syncOnAppend;
		this.syncs = syncs;
	}

	private long observe(Append append) throws IOException {
		long[] sequence = new long[1];
		this.syncs.observe(() -> sequence[0] = append.run());
		return sequence[0];
	}

	@Override
	public Path directory() {
		return this.journal.directory();
	}

	@Override
	public Backend backend() {
		return this.journal.backend();
	}

	@Override
	public long append(byte[] content, int index, int length) throws IOException {
		return this.syncOnAppend ? observe(() -> this.journal.append(content, index, length))
				: this.journal.append(content, index, length);
	}

	@Override
	public long append(ByteBuffer content) throws IOException {
		return this.syncOnAppend ? observe(() -> this.journal.append(content)) : this.journal.append(content);
	}

	@Override
	public long append(MemorySegment content) throws IOException {
		return this.syncOnAppend ? observe(() -> this.journal.append(content)) : this.journal.append(content);
	}

	@Override
	public long appendAndSync(byte[] content) throws IOException {
		return observe(() -> this.journal.appendAndSync(content));
	}

	@Override
	public long appendAndSync(ByteBuffer content) throws IOException {
		return observe(() -> this.journal.appendAndSync(content));
	}

	@Override
	public long appendAndSync(MemorySegment content) throws IOException {
		return observe(() -> this.journal.appendAndSync(content));
	}

	@Override
	public void sync() throws IOException {
		this.syncs.observe(this.journal::sync);
	}

	@Override
	public long firstSequence() throws IOException {
		return this.journal.firstSequence();
	}

	@Override
	public long nextSequence() throws IOException {
		return this.journal.nextSequence();
	}

	@Override
	public long durableSequence() throws IOException {
		return this.journal.durableSequence();
	}

	@Override
	public JournalReader reader(long from) throws IOException {
		return this.journal.reader(from);
	}

	@Override
	public JournalReader durableReader(long from) throws IOException {
		return this.journal.durableReader(from);
	}

	@Override
	public NamedReader reader(String name) throws IOException {
		return this.journal.reader(name);
	}

	@Override
	public Map<String, Long> readerPositions() throws IOException {
		return this.journal.readerPositions();
	}

	@Override
	public void forEach(long from, Consumer<? super JournalRecord> body) throws IOException {
		this.journal.forEach(from, body);
	}

	@Override
	public Stream<JournalRecord> stream(long from) throws IOException {
		return this.journal.stream(from);
	}

	@Override
	public void roll() throws IOException {
		this.journal.roll();
	}

	@Override
	public long removeBefore(long sequence) throws IOException {
		return this.journal.removeBefore(sequence);
	}

	@Override
	public void applyRetention() throws IOException {
		this.journal.applyRetention();
	}

	@Override
	public long copyTo(Path target) throws IOException {
		return this.journal.copyTo(target);
	}

	@Override
	public List<JournalSegment> segments() throws IOException {
		return this.journal.segments();
	}

	@Override
	public long mappedSize() throws IOException {
		return this.journal.mappedSize();
	}

	@Override
	public RecoveryReport recovery() {
		return this.journal.recovery();
	}

	@Override
	public boolean isOpen() {
		return this.journal.isOpen();
	}

	@Override
	public Optional<Throwable> failure() {
		return this.journal.failure();
	}

	@Override
	public void close() throws IOException {
		this.journal.close();
	}

	@Override
	public String toString() {
		return this.journal.toString();
	}

	/**
	 * An append that syncs.
	 */
	@FunctionalInterface
	private interface Append {

		long run() throws IOException;

	}

}
