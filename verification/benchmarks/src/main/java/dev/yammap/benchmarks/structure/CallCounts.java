package dev.yammap.benchmarks.structure;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.LaunchingConnector;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.LocatableEvent;
import com.sun.jdi.event.MethodEntryEvent;
import com.sun.jdi.event.MethodExitEvent;
import com.sun.jdi.event.VMDeathEvent;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.MethodEntryRequest;
import com.sun.jdi.request.MethodExitRequest;

import dev.yammap.LockMode;
import dev.yammap.Mmap;
import org.jspecify.annotations.Nullable;

/**
 * Counts the methods of the engine that an operation calls, the classes they belong to,
 * and how deep the calls are nested. A debugger counts in a second virtual machine, so
 * the numbers are the same each time. They say how much code a reader has to follow, not
 * how long it takes.
 */
public final class CallCounts {

	private static final String ENGINE = "dev.yammap.";

	private static final String BENCHMARKS = "dev.yammap.benchmarks.";

	private CallCounts() {
	}

	/**
	 * Prints a table.
	 * @param arguments the name of an operation whose calls are to be listed, too, such
	 * as {@code GrowingWriteAt}; or none
	 */
	public static void main(String[] arguments) throws Exception {
		LaunchingConnector connector = Bootstrap.virtualMachineManager().defaultConnector();
		Map<String, Connector.Argument> options = connector.defaultArguments();
		Objects.requireNonNull(options.get("main")).setValue(Scenes.class.getName());
		Objects.requireNonNull(options.get("options"))
			.setValue("-cp \"" + ManagementFactory.getRuntimeMXBean().getClassPath()
					+ "\" --enable-native-access=ALL-UNNAMED");
		VirtualMachine machine = connector.launch(options);
		MethodEntryRequest entries = machine.eventRequestManager().createMethodEntryRequest();
		entries.addClassFilter(ENGINE + "*");
		entries.setSuspendPolicy(EventRequest.SUSPEND_NONE);
		entries.enable();
		MethodExitRequest exits = machine.eventRequestManager().createMethodExitRequest();
		exits.addClassFilter(ENGINE + "*");
		exits.setSuspendPolicy(EventRequest.SUSPEND_NONE);
		exits.enable();
		System.out.println("| operation | calls | classes | depth |");
		System.out.println("|---|---|---|---|");
		machine.resume();
		new Counter((arguments.length > 0) ? arguments[0] : "").count(machine);
	}

	/**
	 * Counts between two marks.
	 */
	private static final class Counter {

		private @Nullable ThreadReference thread;

		private int calls;

		private int depth;

		private int deepest;

		private final Set<String> classes = new HashSet<>();

		private final String listed;

		private final StringBuilder list = new StringBuilder();

		Counter(String listed) {
			this.listed = listed;
		}

		void count(VirtualMachine machine) throws InterruptedException {
			try {
				while (true) {
					EventSet events = machine.eventQueue().remove();
					for (Event event : events) {
						if (event instanceof VMDeathEvent) {
							return;
						}
						if (event instanceof LocatableEvent located) {
							count(located);
						}
					}
					events.resume();
				}
			}
			catch (VMDisconnectedException ex) {
				// The last operation is over.
			}
		}

		private void count(LocatableEvent event) {
			String type = event.location().declaringType().name();
			if (type.startsWith(BENCHMARKS)) {
				mark(event);
			}
			else if (event.thread().equals(this.thread)) {
				if (event instanceof MethodEntryEvent) {
					this.calls++;
					this.classes.add(type);
					this.list.append("    ".repeat(this.depth))
						.append(type.substring(type.lastIndexOf('.') + 1))
						.append('.')
						.append(event.location().method().name())
						.append('\n');
					this.depth++;
					this.deepest = Math.max(this.deepest, this.depth);
				}
				else if (event instanceof MethodExitEvent) {
					this.depth--;
				}
			}
		}

		private void mark(LocatableEvent event) {
			String method = event.location().method().name();
			if (event instanceof MethodExitEvent && method.equals("begin")) {
				this.thread = event.thread();
				this.calls = 0;
				this.depth = 0;
				this.deepest = 0;
				this.classes.clear();
				this.list.setLength(0);
			}
			else if (event instanceof MethodEntryEvent && method.startsWith("marks")) {
				this.thread = null;
				System.out.printf("| %s | %d | %d | %d |%n", method.substring("marks".length()), this.calls,
						this.classes.size(), this.deepest);
				if (method.equals("marks" + this.listed)) {
					System.out.print(this.list);
				}
			}
		}

	}

	/** The operations. Each is done twice before the time that is counted. */
	static final class Scenes {

		private Scenes() {
		}

		public static void main(String[] arguments) throws IOException {
			Path directory = Files.createTempDirectory("calls");
			byte[] bytes = new byte[64];
			for (int i = 0; i < 3; i++) {
				Path path = directory.resolve("file" + i);
				run(path, bytes, i == 2);
				Files.delete(path);
			}
			Files.delete(directory);
		}

		private static void run(Path path, byte[] bytes, boolean counted) throws IOException {
			begin();
			Mmap created = Mmap.create(path, 4096);
			end(counted, Scenes::marksOpenAndCreate);
			begin();
			created.readAt(bytes, 0);
			end(counted, Scenes::marksReadAt);
			created.writeAt(bytes, 4096);
			begin();
			created.writeAt(bytes, 4160);
			end(counted, Scenes::marksGrowingWriteAt);
			begin();
			created.sync();
			end(counted, Scenes::marksSync);
			begin();
			created.close();
			end(counted, Scenes::marksClose);
			try (Mmap alone = Mmap.builder(path)
				.options(StandardOpenOption.READ, StandardOpenOption.WRITE)
				.lock(LockMode.EXCLUSIVE)
				.open()) {
				alone.writeAt(bytes, alone.size());
				begin();
				alone.writeAt(bytes, 4288);
				end(counted, Scenes::marksGrowingWriteAtUnderAnExclusiveLock);
			}
			try (Mmap appending = Mmap.open(path, StandardOpenOption.APPEND)) {
				appending.write(bytes);
				begin();
				appending.write(bytes);
				end(counted, Scenes::marksWriteWithAppend);
			}
		}

		static void begin() {
			// A mark for the debugger.
		}

		private static void end(boolean counted, Runnable mark) {
			if (counted) {
				mark.run();
			}
			else {
				begin();
			}
		}

		static void marksOpenAndCreate() {
			// Marks for the debugger, as the next ones.
		}

		static void marksReadAt() {
		}

		static void marksGrowingWriteAt() {
		}

		static void marksGrowingWriteAtUnderAnExclusiveLock() {
		}

		static void marksSync() {
		}

		static void marksClose() {
		}

		static void marksWriteWithAppend() {
		}

	}

}
