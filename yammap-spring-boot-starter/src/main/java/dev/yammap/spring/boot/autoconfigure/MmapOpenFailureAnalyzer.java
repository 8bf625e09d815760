package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.FileLockedException;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.path.PathState;
import dev.yammap.spring.boot.registry.MmapOpenException;
import dev.yammap.spring.boot.settings.FileSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * Analyzes a {@link MmapOpenException}: says what is wrong with the file, and which
 * property to change.
 */
class MmapOpenFailureAnalyzer extends AbstractFailureAnalyzer<MmapOpenException> {

	private static final String NATIVE_ACCESS = "with '--enable-native-access=ALL-UNNAMED' on the command line of Java,"
			+ " or 'Enable-Native-Access: ALL-UNNAMED' in the manifest of the application's jar";

	/** What the engine calls it. */
	private static final String THIS_PROCESS = "this process";

	private static final boolean IN_TEST = ClassUtils.isPresent("org.springframework.test.context.TestContext",
			MmapOpenFailureAnalyzer.class.getClassLoader());

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MmapOpenException failure) {
		Finding finding = find(failure.settings(), failure.pathState(), failure.getCause());
		return new FailureAnalysis("The mapped file " + failure.settings() + " could not be opened: " + finding.problem,
				finding.action, failure);
	}

	private Finding find(FileSettings file, PathState path, @Nullable IOException cause) {
		if (path.isDirectory()) {
			return new Finding("it is a directory.", "Correct '%s'.".formatted(file.property("path")));
		}
		OpenFailure failure = (cause != null) ? OpenFailure.of(String.valueOf(cause.getMessage())) : null;
		if (failure != null) {
			return find(file, failure);
		}
		Finding finding = switch (cause) {
			case NoSuchFileException _ -> missing(file, path);
			case AccessDeniedException _ -> denied(file, path);
			case FileAlreadyExistsException _ -> existing(file);
			case FileLockedException ex -> locked(file, ex);
			case IOException ex when ex.getCause() instanceof UnsupportedOperationException -> unsupported(file, ex);
			case IOException ex when ex.getCause() instanceof IllegalArgumentException -> inconsistent(ex);
			case null, default -> tooLong(file);
		};
		if (finding == null) {
			finding = path.hasDirectory() ? other(file, cause) : missing(file, path);
		}
		return finding;
	}

	private Finding missing(FileSettings file, PathState path) {
		if (!path.hasDirectory()) {
			return new Finding("its directory does not exist.",
					"Create the directory '%s', or correct '%s' or 'yammap.base-dir'.%s"
						.formatted(file.path().getParent(), file.property("path"), whyNotCreated(file)));
		}
		if (path.link() != null) {
			return new Finding("it is a symbolic link to '%s', which leads to no file.".formatted(path.link()),
					"Create the target of the link, or correct the link or '%s'.".formatted(file.property("path")));
		}
		if (!file.changesFile()) {
			return new Finding(
					"it does not exist, and with '%s: %s' it is never created.".formatted(file.property("access"),
							FileSettings.canonical(file.access())),
					"Create the file, or correct '%s'.".formatted(file.property("path")));
		}
		return new Finding(
				"it does not exist, and '%s' is '%s'.".formatted(file.property("create"),
						FileSettings.canonical(file.create())),
				"Create the file, correct '%s', or set '%s' to 'if-missing'.".formatted(file.property("path"),
						file.property("create")));
	}

	private static String whyNotCreated(FileSettings file) {
		if (!file.mayBeCreated()) {
			return "";
		}
		return " Directories are created only for a relative path, only below the working directory or a"
				+ " 'yammap.base-dir' that exists, and not with 'yammap.create-directories: false': one that is missing"
				+ " may be a volume that is not mounted.";
	}

	private Finding denied(FileSettings file, PathState path) {
		if (!path.exists() && file.changesFile()) {
			return new Finding("the process has no permission to create it in its directory, or to enter that.",
					"Change the owner or the permissions of the directory '%s', or correct '%s'."
						.formatted(file.path().getParent(), file.property("path")));
		}
		boolean writes = file.changesFile();
		String hint = writes ? readOnly(file) : "";
		return new Finding(
				"the process has no permission to %s it or to enter its directory."
					.formatted(writes ? "read and write" : "read"),
				"Change the owner or the permissions of the file or its directory, or correct '%s'%s."
					.formatted(file.property("path"), hint));
	}

	private static String readOnly(FileSettings file) {
		return ", or set '%s' to '%s'".formatted(file.property("access"),
				FileSettings.canonical(FileProperties.Access.READ_ONLY));
	}

	private Finding existing(FileSettings file) {
		return new Finding("it exists already, and '%s' is 'new'.".formatted(file.property("create")),
				"Remove the file, or set '%s' to 'if-missing'.".formatted(file.property("create")));
	}

	private Finding locked(FileSettings file, FileLockedException cause) {
		// The rest is for those who call the engine themselves.
		String reason = String.valueOf(cause.getReason()).replaceFirst("\\. .*", "");
		String tests = (IN_TEST && reason.contains(THIS_PROCESS))
				? " In tests, where a context of another test has it open, @AutoConfigureMappedFiles of 'yammap-spring-boot-starter-test' gives each context files of its own."
				: "";
		return new Finding(reason + ".",
				"Close the file there, or correct '%s'. If the file is meant to be shared, set '%s' to 'none', or to 'shared' on both sides."
					.formatted(file.property("path"), file.property("lock")) + tests);
	}

	private Finding unsupported(FileSettings file, IOException cause) {
		if (file.backend() == Backend.NATIVE && !file.locksInMemory() && file.advice() == Advice.NORMAL) {
			return new Finding(cause.getMessage() + ".", "Set '%s' to 'auto', or grant native access %s."
				.formatted(file.property("backend"), NATIVE_ACCESS));
		}
		boolean advised = file.advice() != Advice.NORMAL;
		String demands = file.locksInMemory() ? "'%s' to 'false'".formatted(file.property("lock-in-memory")) : "";
		if (advised) {
			demands += (demands.isEmpty() ? "" : " and ") + "'%s' to 'normal'".formatted(file.property("advice"));
		}
		return new Finding(cause.getMessage() + ".",
				demands.isEmpty() ? "Correct the properties of the file, or the MmapBuilderCustomizer that asks for it."
						: "Set %s. The native backend, on Linux, can do more: grant native access %s."
							.formatted(demands, NATIVE_ACCESS));
	}

	private Finding inconsistent(IOException cause) {
		return new Finding(cause.getMessage() + ".", "Correct the MmapBuilderCustomizer that sets it so.");
	}

	private Finding find(FileSettings file, OpenFailure failure) {
		return switch (failure) {
			case LOCKED_MEMORY -> new Finding("it cannot be kept in memory, as this process may not lock that much.",
					"Raise the limit ('ulimit -l', 'LimitMEMLOCK=' of systemd), or set '%s' to 'false'."
						.formatted(file.property("lock-in-memory")));
			case DEVICE_FAILURE -> new Finding("its device, or the file system on it, has failed.",
					"See the log of the kernel ('dmesg'), mend the device, or correct '%s'."
						.formatted(file.property("path")));
			case NO_SPACE -> noSpace(file);
			case READ_ONLY_FILE_SYSTEM -> new Finding("its file system is read-only.",
					"Mount it to be written, correct '%s', or set '%s' to 'read-only'.".formatted(file.property("path"),
							file.property("access")));
			case TOO_MANY_FILES -> new Finding("this process has too many files open.",
					"Raise the limit ('ulimit -n', 'LimitNOFILE=' of systemd), or configure fewer files under 'yammap.files'.");
			case NO_ADDRESS_SPACE -> new Finding(
					"there is no address space for it ('%s' is %s), or there are too many mappings."
						.formatted(file.property("size"), file.size()),
					"Lower '%s', raise the limits ('ulimit -v', 'sysctl vm.max_map_count'), or configure fewer files under 'yammap.files'."
						.formatted(file.property("size")));
			case PROTECTED -> new Finding(
					"the file or its directory is append-only or immutable, or a security module protects it.",
					"Look at it with 'lsattr', end that with 'chattr -a' or 'chattr -i', or set '%s' to 'read-only'."
						.formatted(file.property("access")));
			case NO_LOCKS -> new Finding("its file system has no locks, or the limit of locks is reached.",
					"Set '%s' to 'none', and make sure that no other process writes to the file."
						.formatted(file.property("lock")));
			case NO_DIRECTORY -> new Finding("a part of its path is not a directory.",
					"Correct '%s' or 'yammap.base-dir'.".formatted(file.property("path")));
			case TOO_LONG -> new Finding(
					"it would be longer than the limit of this process or of its file system ('%s' is %s)."
						.formatted(file.property("size"), file.size()),
					"Raise the limit ('ulimit -f'), or lower '%s'.".formatted(file.property("size")));
		};
	}

	private Finding noSpace(FileSettings file) {
		String sparse = file.isPreallocated()
				? ", or set '%s' to 'false', so that blocks are taken when they are written"
					.formatted(file.property("preallocate"))
				: "";
		return new Finding("there is no space for it on its disk or in its quota ('%s' is %s)."
			.formatted(file.property("size"), file.size()),
				"Free some space, lower '%s'%s.".formatted(file.property("size"), sparse));
	}

	private @Nullable Finding tooLong(FileSettings file) {
		DataSize maxSize = file.maxSize();
		try {
			if (maxSize != null && Files.size(file.path()) > maxSize.toBytes()) {
				return new Finding(
						"it is %d bytes long, which is more than '%s' (%s).".formatted(Files.size(file.path()),
								file.property("max-size"), maxSize),
						"Raise '%s', or correct '%s'.".formatted(file.property("max-size"), file.property("path")));
			}
		}
		catch (IOException ex) {
			// Then the length is not the problem.
		}
		return null;
	}

	private Finding other(FileSettings file, @Nullable IOException cause) {
		return new Finding((cause != null) ? cause.getMessage() + "." : "the reason is unknown.",
				"Correct what is wrong with the file, or point '%s' elsewhere.".formatted(file.property("path")));
	}

	private record Finding(String problem, String action) {
	}

}
