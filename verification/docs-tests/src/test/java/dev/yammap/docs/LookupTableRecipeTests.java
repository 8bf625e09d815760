package dev.yammap.docs;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

import dev.yammap.Mmap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that the look-up table in the guide keeps what it promises.
 */
class LookupTableRecipeTests {

	private static final String DOCUMENT = "docs/guide/lookup-table.md";

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3, 1000 })
	void everyArticleIsFoundAndNoOther(int count) throws Exception {
		build(count, 7);
		try (Mmap file = Mmap.open(path())) {
			Recipe table = table(file);
			for (long article = -1; article <= 2L * count; article++) {
				boolean present = article >= 0 && article < 2L * count && article % 2 == 0;
				assertThat(table.call("find", article)).isEqualTo(present ? 7 * article : -1L);
			}
		}
	}

	@Test
	void whoHasTheOldTableOpenKeepsItWhole() throws Exception {
		build(100, 7);
		try (Mmap old = Mmap.open(path())) {
			build(10, 9);
			assertThat(old.isCurrent()).isFalse();
			assertThat(table(old).call("find", 198L)).isEqualTo(7 * 198L);
			try (Mmap file = Mmap.open(path())) {
				assertThat(table(file).call("find", 18L)).isEqualTo(9 * 18L);
				assertThat(table(file).call("find", 198L)).isEqualTo(-1L);
			}
		}
	}

	@Test
	void whatACutShortBuildLeftIsOverwritten() throws Exception {
		Files.write(this.directory.resolve("prices.bin.building"), new byte[100_000]);
		build(3, 7);
		assertThat(path()).hasSize(8 + 3 * 16);
		try (var files = Files.list(this.directory)) {
			assertThat(files).containsExactly(path());
		}
	}

	/**
	 * Stands for a bean whose file is replaced, so that each call may find another file
	 * behind it.
	 */
	@Test
	void tableThatIsReplacedInTheMiddleOfASearchIsSearchedAnew() throws Exception {
		build(5, 100, 1);
		try (Mmap small = Mmap.open(path())) {
			build(500, 1, 2);
			try (Mmap large = Mmap.open(path())) {
				AtomicLong calls = new AtomicLong();
				// Another one for size() than for accessLong, three times of four.
				Recipe table = table(swapping((call) -> (calls.getAndIncrement() % 8 % 3 == 0) ? small : large));
				for (int i = 0; i < 1_000; i++) {
					assertThat(table.call("find", 400L)).isIn(400L, 800L);
				}
			}
		}
	}

	private static Mmap swapping(UnaryOperator<Mmap> current) {
		return (Mmap) Proxy.newProxyInstance(Mmap.class.getClassLoader(), new Class<?>[] { Mmap.class },
				(proxy, method, arguments) -> {
					try {
						return method.invoke(current.apply((Mmap) proxy), arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 7, 8 + 2 * 16, 8 + 4 * 16 })
	void fileThatIsNoTableIsRefused(int length) throws Exception {
		build(3, 7);
		Files.write(path(), Arrays.copyOf(Files.readAllBytes(path()), length));
		try (Mmap file = Mmap.open(path())) {
			Recipe table = table(file);
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> table.call("find", 1L))
				.withMessageContaining(path().toString());
		}
	}

	private Path path() {
		return this.directory.resolve("prices.bin");
	}

	private void build(int count, long factor) throws Exception {
		build(count, 2, factor);
	}

	private void build(int count, int step, long factor) throws Exception {
		TreeMap<Long, Long> prices = new TreeMap<>();
		for (long article = 0; prices.size() < count; article += step) {
			prices.put(article, factor * article);
		}
		Recipe.run(DOCUMENT, "PriceTableBuilder", "build", path(), prices);
	}

	private static Recipe table(Mmap file) throws Exception {
		return Recipe.create(DOCUMENT, "PriceTable", file);
	}

}
