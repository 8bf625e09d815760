package dev.yammap.internal.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link ProcessLimits}, in a {@code /proc} of their own.
 */
@NullMarked
class ProcessLimitsTests {

	private static final String ADDRESS_SPACE = ". Address space is limited to 4096000 bytes, of which 2048 are in use:"
			+ " close files, or raise ulimit -v";

	@TempDir
	private Path proc = Path.of("");

	private ProcessLimits limits() {
		return new ProcessLimits(this.proc);
	}

	@BeforeEach
	void limit() throws IOException {
		put("self/status", "Name:\tjava\nVmPeak:\t    9999 kB\nVmSize:\t       2 kB\n");
		put("self/limits", """
				Limit                     Soft Limit           Hard Limit           Units
				Max locked memory         65536                131072               bytes
				Max address space         4096000              unlimited            bytes
				""");
		mappings(10, 65_530);
	}

	private void put(String name, String content) throws IOException {
		Path file = this.proc.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, content);
	}

	private void mappings(int count, int most) throws IOException {
		put("self/maps", "00400000-0040b000 r-xp 00000000 00:00 0\n".repeat(count));
		put("sys/vm/max_map_count", most + "\n");
	}

	@Test
	void limitThatIsSetIsNamed() {
		assertThat(limits().ofMemory()).isEqualTo(ADDRESS_SPACE);
		assertThat(limits().ofThreads()).isEqualTo(ADDRESS_SPACE + Remedies.THREADS);
		assertThat(limits().ofLockedMemory())
			.isEqualTo(". Locked memory is limited to 65536 bytes: raise ulimit -l, or lock less");
	}

	@Test
	void limitThatIsNotSetIsNotNamed() throws IOException {
		put("self/limits", """
				Max locked memory   unlimited  unlimited bytes
				Max address space   unlimited  unlimited bytes
				""");
		assertThat(limits().ofMemory()).isEqualTo(Remedies.MEMORY);
		assertThat(limits().ofLockedMemory()).isEqualTo(Remedies.MEMORY);
		assertThat(limits().ofThreads()).isEqualTo(Remedies.THREADS);
	}

	@Test
	void numberOfMappingsComesFirst() throws IOException {
		mappings(100, 132);
		String expected = ". The process has 100 mappings, and the limit is 132: close files, or raise sysctl"
				+ " vm.max_map_count";
		assertThat(limits().ofMemory()).isEqualTo(expected);
		assertThat(limits().ofLockedMemory()).isEqualTo(expected);
		assertThat(limits().ofThreads()).isEqualTo(expected);
		mappings(100, 133);
		assertThat(limits().ofMemory()).isEqualTo(ADDRESS_SPACE);
	}

	@Test
	void someMappingsAreLeftToTheVirtualMachineAndFewerOfThemToThreads() throws IOException {
		mappings(12_700, 12_800);
		assertThat(limits().allowMapping()).isFalse();
		assertThat(limits().allowThread()).isTrue();
		mappings(12_699, 12_800);
		assertThat(limits().allowMapping()).isTrue();
		mappings(12_760, 12_800);
		assertThat(limits().allowThread()).isTrue();
		mappings(12_761, 12_800);
		assertThat(limits().allowThread()).isFalse();
		mappings(100, 132);
		assertThat(limits().allowMapping()).isFalse();
		mappings(99, 132);
		assertThat(limits().allowMapping()).isTrue();
	}

	@Test
	void mappingsAreCountedAgainAfterHalfOfThoseThatWereLeft() throws IOException {
		mappings(100, 332);
		ProcessLimits limits = limits();
		assertThat(limits.allowMapping()).isTrue();
		mappings(332, 332);
		// Half of 200, unless counting once took longer than a count is believed.
		int allowed = 0;
		while (limits.allowMapping()) {
			allowed++;
		}
		assertThat(allowed).isLessThanOrEqualTo(100);
		assertThat(limits.allowThread()).isFalse();
		mappings(100, 332);
		assertThat(limits.allowThread()).isTrue();
	}

	@Test
	void whereNobodyCountsMappingsEverythingIsAllowed() throws IOException {
		Files.delete(this.proc.resolve("sys/vm/max_map_count"));
		assertThat(limits().allowMapping()).isTrue();
		assertThat(limits().allowThread()).isTrue();
		put("sys/vm/max_map_count", "many");
		assertThat(limits().allowMapping()).isTrue();
	}

	@Test
	void whatCannotBeReadIsLeftOut() throws IOException {
		Files.delete(this.proc.resolve("self/maps"));
		assertThat(limits().ofMemory()).isEqualTo(ADDRESS_SPACE);
		put("sys/vm/max_map_count", "many");
		put("self/status", "Name:\tjava\n");
		assertThat(limits().ofMemory())
			.isEqualTo(". Address space is limited to 4096000 bytes: close files, or raise ulimit -v");
		Files.delete(this.proc.resolve("self/limits"));
		assertThat(limits().ofMemory()).isEqualTo(Remedies.MEMORY);
		assertThat(limits().ofLockedMemory()).isEqualTo(Remedies.MEMORY);
		assertThat(limits().ofThreads()).isEqualTo(Remedies.THREADS);
	}

	@Test
	void limitsOfThisProcessAreNamedToo() {
		assertThat(ProcessLimits.OF_THIS_PROCESS.ofMemory()).startsWith(". ");
		assertThat(ProcessLimits.OF_THIS_PROCESS.ofLockedMemory()).startsWith(". ");
		assertThat(ProcessLimits.OF_THIS_PROCESS.ofThreads()).startsWith(". ");
	}

}
