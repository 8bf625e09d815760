package dev.yammap.journal.tool;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.journal.DamageAction;
import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.JournalReader;
import dev.yammap.journal.JournalSegment;
import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.read.ControlFromSegments;
import dev.yammap.journal.internal.recovery.Analysis;
import dev.yammap.journal.internal.recovery.Findings;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a journal that no application has open, and changes nothing.
 */
public final class JournalTool {

	static final int WHOLE = 0;

	static final int TORN = 1;

	static final int DAMAGED = 2;

	static final int FAILED = 3;

	/** In place of the number of a record: the first one that is left. */
	private static final long FIRST = -1;

	private static final String USAGE = """
			Looks at a journal that no application has open, and changes nothing. Ends with 3 if that cannot be done, or if
			the standard output did not take everything; without a word if its reader has gone, as head does.

			  list DIR            its segments, and the positions of its named readers
			  verify DIR          checks every record; ends with 0 if all is whole, 1 if only the end is torn, as
			                      after a power cut, 2 if something is damaged
			  export DIR [FROM]   writes records to the standard output, each as a line: its number, a tab, and its
			                      content in Base64. Stops with 2 where one is damaged
			  salvage DIR [FROM]  the same, but passes over what is damaged
			""";

	private static final int BUFFER = 1 << 16;

	private final Output output;

	private final PrintStream out;

	private final PrintStream err;

	JournalTool(OutputStream out, PrintStream err) {
		this.output = new Output(out);
		this.out = new PrintStream(this.output, false, StandardCharsets.UTF_8);
		this.err = err;
	}

	/**
	 * Runs the command.
	 * @param arguments what to do, and with which directory
	 */
	public static void main(String[] arguments) {
		OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER);
		System.exit(new JournalTool(out, System.err).run(List.of(arguments)));
	}

	/** Returns what the process ends with. */
	int run(List<String> arguments) {
		if (arguments.size() < 2 || arguments.size() > 3) {
			this.err.print(USAGE);
			return FAILED;
		}
		int code = look(arguments);
		if (this.out.checkError()) {
			if (!this.output.isReaderGone()) {
				this.err
					.println("The standard output did not take all that was written to it: " + this.output.failure());
			}
			return FAILED;
		}
		return code;
	}

	private int look(List<String> arguments) {
		try {
			Path path = Path.of(arguments.get(1));
			try (Mmap _ = lock(directory(path))) {
				long from = (arguments.size() > 2) ? number(arguments.get(2)) : FIRST;
				return switch (arguments.get(0)) {
					case "list" -> list(path);
					case "verify" -> verify(path);
					case "export" -> export(path, from, DamageAction.REFUSE);
					case "salvage" -> export(path, from, DamageAction.SKIP);
					default -> {
						this.err.print(USAGE);
						yield FAILED;
					}
				};
			}
		}
		catch (JournalDamagedException ex) {
			this.err.println(ex.getMessage());
			return DAMAGED;
		}
		catch (IOException | RuntimeException | Error ex) {
			// Not what the virtual machine ends with by itself, which says that only the
			// end is torn.
			this.err.println(ex);
			return FAILED;
		}
	}

	private static long number(String argument) {
		long number = Long.parseLong(argument);
		if (number < 0) {
			throw new IllegalArgumentException("There is no record " + number + ": numbers begin with 0");
		}
		return number;
	}

	/** Keeps a writer from the journal meanwhile, and is refused if there is one. */
	private static @Nullable Mmap lock(JournalDirectory directory) throws IOException {
		// The lock is one on the control file: without that no writer can begin.
		return ControlFile.isMissing(directory) ? null : ControlFile.lockToRead(directory);
	}

	private static JournalDirectory directory(Path path) {
		return new JournalDirectory(path, Set.of(), Backend.AUTO);
	}

	private int list(Path path) throws IOException {
		try {
			return list(path, DamageAction.REFUSE);
		}
		catch (JournalDamagedException ex) {
			this.err.println(ex.getMessage());
			list(path, DamageAction.SKIP);
			return DAMAGED;
		}
	}

	private int list(Path path, DamageAction action) throws IOException {
		try (Journal journal = Journal.builder(path).options(StandardOpenOption.READ).whenDamaged(action).open()) {
			for (JournalSegment segment : journal.segments()) {
				this.out.printf("%s  records %d to %d  %d bytes  %s%n", segment.file().getFileName(),
						segment.firstSequence(), segment.nextSequence() - 1, segment.size(),
						segment.sealed().map((time) -> "sealed " + time).orElse("open"));
			}
			this.out.printf("next record %d, durable before %d%n", journal.nextSequence(), journal.durableSequence());
			for (Map.Entry<String, Long> reader : journal.readerPositions().entrySet()) {
				long behind = journal.segments()
					.stream()
					.mapToLong((segment) -> segment.recordsFrom(reader.getValue()))
					.sum();
				this.out.printf("reader %s at %d, %d behind%n", reader.getKey(), reader.getValue(), behind);
			}
		}
		return WHOLE;
	}

	private int verify(Path path) throws IOException {
		JournalDirectory directory = directory(path);
		ControlFile.Snapshot control = ControlFile.read(directory,
				new ControlFromSegments(directory, DamageAction.SKIP));
		JournalDamagedException lost = control.damage();
		if (lost != null) {
			this.out.println(lost.getMessage());
		}
		Findings found = new Analysis(directory, control.journalId(), control.state(), DamageAction.SKIP, true, false)
			.run();
		for (JournalDamagedException damage : found.damage()) {
			this.out.println(damage.getMessage());
		}
		this.out.printf("%d segments, records %d to %d, durable before %d%n", found.segments().size(),
				control.state().firstNumber(), found.next() - 1, found.durable());
		for (Path file : found.foreign()) {
			this.out.printf("%s is no segment of this journal. Opening the journal puts it aside%n", file);
		}
		if (lost != null || !found.damage().isEmpty()) {
			return DAMAGED;
		}
		if (found.tornBytes() > 0 || !found.behind().isEmpty()) {
			this.out.printf("The end is torn: %d bytes, and %d segments behind. Opening the journal puts them aside%n",
					found.tornBytes(), found.behind().size());
			return TORN;
		}
		return found.foreign().isEmpty() ? WHOLE : TORN;
	}

	private int export(Path path, long from, DamageAction action) throws IOException {
		Base64.Encoder encoder = Base64.getEncoder();
		try (Journal journal = Journal.builder(path).options(StandardOpenOption.READ).whenDamaged(action).open();
				JournalReader reader = journal.reader((from != FIRST) ? from : journal.firstSequence())) {
			while (this.output.failure() == null && reader.next()) {
				this.out.print(reader.record().sequence());
				this.out.print('\t');
				this.out.println(encoder.encodeToString(reader.record().toByteArray()));
			}
		}
		return WHOLE;
	}

}
