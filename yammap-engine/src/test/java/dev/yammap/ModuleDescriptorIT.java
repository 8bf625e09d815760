package dev.yammap;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Looks at the jar as a module.
 */
class ModuleDescriptorIT {

	private final ModuleDescriptor descriptor = ModuleFinder.of(Path.of(System.getProperty("yammap.engine.jar")))
		.find("dev.yammap.engine")
		.orElseThrow()
		.descriptor();

	@Test
	void jarIsNoAutomaticModule() {
		assertThat(this.descriptor.isAutomatic()).isFalse();
	}

	@Test
	void moduleExportsOnePackage() {
		assertThat(this.descriptor.exports()).filteredOn((exported) -> !exported.isQualified())
			.extracting(Exports::source)
			.containsExactly("dev.yammap");
		assertThat(this.descriptor.exports()).filteredOn(Exports::isQualified).singleElement().satisfies((exported) -> {
			assertThat(exported.source()).isEqualTo("dev.yammap.internal.fault");
			assertThat(exported.targets()).containsExactly("dev.yammap.journal");
		});
		assertThat(this.descriptor.opens()).isEmpty();
	}

	@Test
	void moduleNeedsNothingButTheBaseAtRunTime() {
		assertThat(this.descriptor.requires()).filteredOn((required) -> !isStatic(required))
			.extracting(Requires::name)
			.containsExactly("java.base");
	}

	private static boolean isStatic(Requires required) {
		return required.modifiers().contains(Requires.Modifier.STATIC);
	}

}
