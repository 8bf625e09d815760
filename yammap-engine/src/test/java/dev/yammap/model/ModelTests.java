package dev.yammap.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.LockMode;
import dev.yammap.MapMode;
import dev.yammap.Mmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * A mapped file does what an ordinary one does, whatever is called in whatever order, and
 * however it is opened.
 */
class ModelTests {

	private static final int SEQUENCES = 1_000;

	private static final int STEPS = 100;

	private static final Recorder RECORDER = new Recorder();

	private static Path directory = Path.of("");

	@BeforeContainer
	static void makeDirectory() throws IOException {
		directory = Files.createTempDirectory("yammap-model");
	}

	@AfterContainer
	static void removeDirectory() throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			for (Path file : files.toList()) {
				Files.delete(file);
			}
		}
		Files.delete(directory);
	}

	@AfterContainer
	static void everyMethodWasCalled() {
		assertThat(RECORDER.missing()).isEmpty();
	}

	@Property(tries = SEQUENCES, seed = "20260101", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
	void fileOfTheNativeBackendDoesWhatAnOrdinaryOneDoes(@ForAll("natively") Setup setup,
			@ForAll("steps") List<Step> steps) throws IOException {
		run(setup, steps);
	}

	@Property(tries = SEQUENCES, seed = "20260102", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
	void fileOfThePortableBackendDoesWhatAnOrdinaryOneDoes(@ForAll("portably") Setup setup,
			@ForAll("steps") List<Step> steps) throws IOException {
		run(setup, steps);
	}

	private static void run(Setup setup, List<Step> steps) throws IOException {
		try (Run run = new Run(directory, setup.legal(), RECORDER)) {
			run.run(steps);
		}
	}

	@Property(tries = 5 * SEQUENCES, seed = "20260103", edgeCases = EdgeCasesMode.NONE)
	void fileIsOpenedAsSaidOrLeftAsItWas(@ForAll("setups") Setup setup) throws IOException {
		Path path = directory.resolve("opened.dat");
		setup.prepare(path);
		Set<Class<? extends Exception>> problems = setup.problems();
		if (problems.isEmpty()) {
			try (Mmap file = setup.open(path)) {
				assertThat(file.size()).isEqualTo(setup.sizeWhenOpen(Math.max(setup.present(), 0)));
				assertThat(file.isWritable()).isEqualTo(setup.writes());
			}
			return;
		}
		Throwable thrown = catchThrowable(() -> setup.open(path).close());
		assertThat(problems).contains(thrown.getClass().asSubclass(Exception.class));
		assertThat(thrown.getMessage()).contains(path.toString());
		if (setup.present() == Setup.ABSENT) {
			assertThat(path).doesNotExist();
		}
		else {
			assertThat(path).hasBinaryContent(setup.content());
		}
	}

	@Provide
	Arbitrary<Setup> natively() {
		return setups(Arbitraries.just(Backend.NATIVE));
	}

	@Provide
	Arbitrary<Setup> portably() {
		return setups(Arbitraries.just(Backend.PORTABLE));
	}

	@Provide
	Arbitrary<Setup> setups() {
		return setups(Arbitraries.of(Backend.NATIVE, Backend.PORTABLE));
	}

	private static Arbitrary<Setup> setups(Arbitrary<Backend> backends) {
		Arbitrary<MapMode> modes = Arbitraries.frequency(Tuple.of(3, MapMode.SHARED), Tuple.of(1, MapMode.PRIVATE));
		Arbitrary<Long> present = Arbitraries.of(Setup.ABSENT, 0L, 1L, 4095L, 4096L, 10_000L, 100_000L);
		Arbitrary<Long> sizes = Arbitraries.frequency(Tuple.of(3, 0L), Tuple.of(1, 100L), Tuple.of(1, 5_000L),
				Tuple.of(1, 150_000L));
		Arbitrary<Long> maxSizes = Arbitraries.frequency(Tuple.of(4, Setup.UNLIMITED), Tuple.of(1, 12_000L),
				Tuple.of(1, 120_000L), Tuple.of(1, 0L));
		Arbitrary<Long> reserves = Arbitraries.of(-1L, 0L, 4096L, 20_000L, 1_000_000L);
		Arbitrary<Advice> advice = Arbitraries.frequency(Tuple.of(6, Advice.NORMAL), Tuple.of(1, Advice.SEQUENTIAL),
				Tuple.of(1, Advice.WILL_NEED), Tuple.of(1, Advice.POPULATE_WRITE));
		return Combinators
			.combine(backends, options(), modes, present, Combinators.combine(sizes, maxSizes).as(List::of), reserves,
					Arbitraries.of(Setup.Flag.class).set(), Combinators.combine(advice, locks()).as(Tuple::of))
			.as((backend, options, mode, before, limits, reserve, flags, told) -> new Setup(backend, options, mode,
					before, limits.get(0), limits.get(1), reserve, flags, told.get1(), told.get2()));
	}

	private static Arbitrary<LockMode> locks() {
		return Arbitraries.frequency(Tuple.of(4, LockMode.NONE), Tuple.of(1, LockMode.SHARED),
				Tuple.of(1, LockMode.EXCLUSIVE));
	}

	/** Rarely with a sync for each write, which takes its time. */
	private static Arbitrary<Set<StandardOpenOption>> options() {
		return Arbitraries.frequencyOf(
				Tuple.of(9,
						Arbitraries
							.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.APPEND,
									StandardOpenOption.CREATE, StandardOpenOption.CREATE_NEW,
									StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.SPARSE)
							.set()),
				Tuple.of(3, Arbitraries.just(Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE))),
				Tuple.of(1, Arbitraries.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.APPEND,
						StandardOpenOption.SYNC, StandardOpenOption.DSYNC)
					.set()));
	}

	@Provide
	Arbitrary<List<Step>> steps() {
		Arbitrary<Action> actions = Arbitraries.of(Arrays.stream(Action.values())
			.flatMap((action) -> Collections.nCopies(action.frequency(), action).stream())
			.toList());
		Arbitrary<Integer> distances = Arbitraries.frequencyOf(Tuple.of(2, Arbitraries.just(0)),
				Tuple.of(2, Arbitraries.integers().between(-20, 20)),
				Tuple.of(2, Arbitraries.integers().between(0, 5_000)),
				Tuple.of(1, Arbitraries.integers().between(-5_000, 0)));
		Arbitrary<Place> places = Combinators.combine(Arbitraries.of(Place.Base.class), distances).as(Place::new);
		Arbitrary<Integer> lengths = Arbitraries.frequencyOf(Tuple.of(40, Arbitraries.integers().between(0, 100)),
				Tuple.of(8, Arbitraries.integers().between(0, 9_000)),
				Tuple.of(1, Arbitraries.integers().between(60_000, 140_000)));
		return Combinators.combine(actions, places, lengths, Arbitraries.longs())
			.as(Step::new)
			.list()
			.ofMinSize(1)
			.ofMaxSize(2 * STEPS)
			.withSizeDistribution(RandomDistribution.uniform());
	}

}
