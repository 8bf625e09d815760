package dev.yammap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import dev.yammap.faults.ChildJvm;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Very many files, and as many as the limits of a process allow. In virtual machines of
 * their own, as what they can have is limited.
 */
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
class ManyFilesTests {

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Backend backend;

	@TempDir
	private Path directory = Path.of("");

	@BeforeEach
	void writeFile() throws IOException {
		writeFile(20_000);
	}

	/** The last byte is a 1. */
	private void writeFile(long size) throws IOException {
		Path file = Files.write(this.directory.resolve(ManyFilesProgram.FILE), new byte[0]);
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
			channel.write(ByteBuffer.wrap(new byte[] { 1 }), size - 1);
		}
	}

	@Test
	void tenThousandFilesAreOpenedAndLeaveNothing() throws Exception {
		run("true", "all");
	}

	@Test
	void limitOfOpenFilesIsNamedAndCostsNothing() throws Exception {
		run("ulimit -n 400", "limited", "ulimit -n", false);
	}

	@Test
	void limitOfAddressSpaceIsNamedAndCostsNothing() throws Exception {
		writeFile(50_000_000);
		run("ulimit -v 3000000", "limited", "ulimit -v", false);
	}

	/**
	 * Here the virtual machine itself must not need one more: it neither compiles, nor
	 * makes room for code, nor for objects.
	 */
	@Test
	void limitOfMappingsIsNamedAndCostsNothing() throws Exception {
		run(List.of("-Xint", "-XX:InitialCodeCacheSize=64m"), "true", "limited", "vm.max_map_count", true);
	}

	/** The same, and one carrier, which is there before. */
	@Test
	void fewMappingsAreLeftToTheVirtualMachine() throws Exception {
		run(List.of("-Xint", "-XX:InitialCodeCacheSize=64m", "-Djdk.virtualThreadScheduler.parallelism=1",
				"-Djdk.virtualThreadScheduler.maxPoolSize=1"), "true", "starved");
	}

	private void run(String limit, Object... arguments) throws Exception {
		run(List.of(), limit, arguments);
	}

	/** Under a limit that the shell sets, for which it needs no privilege. */
	private void run(List<String> flags, String limit, Object... arguments) throws Exception {
		ChildJvm child = new ChildJvm(ManyFilesProgram.class, this.directory).on(this.backend)
			.under("sh", "-c", limit + " && exec \"$0\" \"$@\"")
			.flags(List.of("-XX:+UseSerialGC", "-Xms128m", "-XX:ReservedCodeCacheSize=64m",
					"-XX:CompressedClassSpaceSize=32m"))
			.flags(flags)
			.arguments(this.directory, this.backend);
		child.arguments(arguments).run();
	}

}
