package dev.yammap.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.yammap.Backend;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests which backend a program gets, and what it is told.
 */
class BackendChoiceTests {

	private static final String FLAG_OF_CLASS_PATH = "--enable-native-access=ALL-UNNAMED";

	private static final String FLAG_OF_MODULE = "--enable-native-access=dev.yammap.engine";

	@TempDir
	private Path directory;

	private ChildJvm program = new ChildJvm(BackendChoiceProgram.class, Path.of(""));

	@BeforeEach
	void setUpProgram() {
		this.program = new ChildJvm(BackendChoiceProgram.class, this.directory).on(Backend.PORTABLE);
	}

	@Test
	void autoIsNativeAndSaysNothingWhereNativeAccessIsEnabled() throws Exception {
		assertThat(output(Backend.AUTO, FLAG_OF_CLASS_PATH)).isEmpty();
		assertThat(found()).isEqualTo("NATIVE");
	}

	@Test
	void autoIsNativeWhereNativeAccessIsEnabledForTheModule() throws Exception {
		this.program.onModulePath();
		assertThat(output(Backend.AUTO, FLAG_OF_MODULE)).isEmpty();
		assertThat(found()).isEqualTo("NATIVE");
	}

	@Test
	void autoIsPortableWithoutNativeAccessAndSaysOnceWhatToSet() throws Exception {
		String output = output(Backend.AUTO);
		assertThat(found()).startsWith("PORTABLE").contains(FLAG_OF_CLASS_PATH, "Enable-Native-Access: ALL-UNNAMED");
		assertThat(output).containsOnlyOnce("portable backend")
			.containsOnlyOnce("WARNING: Files are mapped")
			.contains(FLAG_OF_CLASS_PATH, "Enable-Native-Access: ALL-UNNAMED")
			.doesNotContain("restricted method");
	}

	@Test
	void autoIsPortableWhereAnotherModuleHasNativeAccess() throws Exception {
		this.program.onModulePath();
		String output = output(Backend.AUTO, FLAG_OF_CLASS_PATH);
		assertThat(found()).startsWith("PORTABLE").contains(FLAG_OF_MODULE);
		assertThat(output).containsOnlyOnce("portable backend")
			.containsOnlyOnce("WARNING: Files are mapped")
			.contains(FLAG_OF_MODULE)
			.doesNotContain("ALL-UNNAMED", "restricted method");
	}

	@Test
	void autoIsPortableOnAnotherSystem() throws Exception {
		String output = output(Backend.AUTO, FLAG_OF_CLASS_PATH, "-Dos.name=Plan 9");
		assertThat(found()).startsWith("PORTABLE").contains("Plan 9");
		assertThat(output).containsOnlyOnce("portable backend")
			.containsOnlyOnce("INFO: Files are mapped")
			.contains("Plan 9")
			.doesNotContain(FLAG_OF_CLASS_PATH);
	}

	@Test
	void portableSaysNothing() throws Exception {
		assertThat(output(Backend.PORTABLE, "--illegal-native-access=deny")).isEmpty();
		assertThat(found()).isEqualTo("PORTABLE");
	}

	@Test
	void nativeIsHadWhereTheVirtualMachineOnlyWarns() throws Exception {
		assertThat(output(Backend.NATIVE)).contains("WARNING", "restricted method").doesNotContain("portable backend");
		assertThat(found()).isEqualTo("NATIVE");
	}

	@ParameterizedTest
	@CsvSource({ "false," + FLAG_OF_CLASS_PATH, "true," + FLAG_OF_MODULE })
	void nativeFailsWhereNativeAccessIsDeniedAndSaysWhatToSet(boolean modulePath, String flag) throws Exception {
		if (modulePath) {
			this.program.onModulePath();
		}
		assertThat(output(Backend.NATIVE, "--illegal-native-access=deny")).isEmpty();
		assertThat(found()).contains("denied", flag);
	}

	@Test
	void nativeFailsOnAnotherSystem() throws Exception {
		output(Backend.NATIVE, FLAG_OF_CLASS_PATH, "-Dos.arch=riscv64");
		assertThat(found()).contains("no native backend", "Linux", "riscv64");
	}

	private String output(Backend backend, String... flags) throws Exception {
		Path file = Files.write(this.directory.resolve("file"), new byte[] { 1 });
		return this.program.flags(List.of(flags)).arguments(backend, file, this.directory.resolve("found")).run();
	}

	private String found() throws IOException {
		return Files.readString(this.directory.resolve("found"));
	}

}
