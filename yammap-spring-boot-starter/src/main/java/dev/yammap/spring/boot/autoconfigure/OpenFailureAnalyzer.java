package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.FailureCause;
import dev.yammap.FileLockedException;
import dev.yammap.journal.DamageAction;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.path.PathState;
import dev.yammap.spring.boot.registry.ResourceOpenException;
import dev.yammap.spring.boot.settings.FileSettings;
import dev.yammap.spring.boot.settings.JournalSettings;
import dev.yammap.spring.boot.settings.ResourceKind;
import dev.yammap.spring.boot.settings.ResourceSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * Analyzes a {@link ResourceOpenException}: says what is wrong with the file or journal,
 * and which property to change.
 */
class OpenFailureAnalyzer extends AbstractFailureAnalyzer<ResourceOpenException> {

	private static final String NATIVE_ACCESS = "with '--enable-native-access=ALL-UNNAMED' on the command line of Java,"
			+ " or 'Enable-Native-Access: ALL-UNNAMED' in the manifest of the application's jar";

	static final boolean IN_TEST = ClassUtils.isPresent("org.springframework.test.context.TestContext",
			OpenFailureAnalyzer.class.getClassLoader());

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, ResourceOpenException failure) {
		Finding finding = find(failure.settings(), failure.pathState(), failure.getCause());
		return new FailureAnalysis("The " + failure.settings().kind().noun() + " " + failure.settings()
				+ " could not be opened: " + finding.problem, finding.action, failure);
	}

	private Finding find(ResourceSettings file, PathState path, @Nullable IOException cause) {
		boolean isDirectory = file.kind() == ResourceKind.JOURNAL;
		if (path.exists() && path.isDirectory() != isDirectory) {
			return new Finding(isDirectory ? "it is not a directory." : "it is a directory.",
					"Correct '%s'.".formatted(file.property("path")));
		}
		if (cause instanceof JournalDamagedException damage && file instanceof JournalSettings journal) {
			return damaged(journal, damage);
		}
		Finding finding = (cause != null) ? refused(file, FailureCause.of(cause)) : null;
		if (finding == null) {
			finding = ofKind(file, path, cause);
		}
		return (finding != null) ? finding : path.hasDirectory() ? other(file, cause) : missing(file, path);
	}

	private @Nullable Finding ofKind(ResourceSettings file, PathState path, @Nullable IOException cause) {
		return switch (cause) {
			case NoSuchFileException _ -> missing(file, path);
			case AccessDeniedException _ -> denied(file, path);
			case FileAlreadyExistsException _ when create(file) == FileProperties.Create.NEW -> existing(file);
			// A directory cannot be created behind a link that leads nowhere.
			case FileAlreadyExistsException _ when path.link() != null -> missing(file, path);
			case FileLockedException ex -> locked(file, ex);
			case IOException ex when file instanceof FileSettings mapped -> ofMappedFile(mapped, ex);
			case IOException ex when file.backend() == Backend.NATIVE
					&& ex.getCause() instanceof UnsupportedOperationException ->
				noNativeBackend(file, ex);
			case null, default -> null;
		};
	}

	private @Nullable Finding ofMappedFile(FileSettings file, IOException failure) {
		return switch (failure.getCause()) {
			case UnsupportedOperationException _ -> unsupported(file, failure);
			case IllegalArgumentException _ -> inconsistent(failure);
			case null, default -> tooLong(file);
		};
	}

	private Finding damaged(JournalSettings journal, JournalDamagedException damage) {
		String choices = choices(journal, damage.ways());
		return new Finding(damage.problem() + ". A crash or a power cut cannot do that; nothing was changed.",
				"Look at the disk and at who else writes to '%s'. Make a copy of it, see what is left with the command 'verify' of the journal's jar, and restore the journal from a backup.%s"
					.formatted(journal.path(), choices));
	}

	/** A journal that is only read cannot be repaired. */
	private static String choices(JournalSettings journal, Set<DamageAction> ways) {
		List<String> choices = new ArrayList<>();
		if (ways.contains(DamageAction.KEEP_WHOLE_PREFIX) && journal.isWritten()) {
			choices.add("'keep-whole-prefix', which puts aside what is not whole and all behind it");
		}
		if (ways.contains(DamageAction.SKIP)) {
			choices.add("'skip', which goes on behind it");
		}
		if (choices.isEmpty()) {
			return "";
		}
		return " To start without one, set '%s' to %s. %s.".formatted(journal.property("recovery"),
				String.join(", or to ", choices),
				(choices.size() > 1) ? "Neither deletes anything" : "Nothing is deleted");
	}

	private Finding missing(ResourceSettings file, PathState path) {
		if (!path.hasDirectory()) {
			return new Finding("its directory does not exist.",
					"Create the directory '%s', or correct '%s' or 'yammap.base-dir'.%s"
						.formatted(file.path().getParent(), file.property("path"), whyNotCreated(file)));
		}
		if (path.link() != null) {
			return new Finding(
					"it is a symbolic link to '%s', which leads to no %s.".formatted(path.link(), place(file)),
					"Create the target of the link, or correct the link or '%s'.".formatted(file.property("path")));
		}
		if (!file.isWritten()) {
			return new Finding(
					"it does not exist, and with '%s: %s' it is never created.".formatted(file.property("access"),
							ResourceSettings.canonical(file.access())),
					"Create the %s, or correct '%s'.".formatted(file.kind().word(), file.property("path")));
		}
		return new Finding(
				"it does not exist, and '%s' is '%s'.".formatted(file.property("create"),
						ResourceSettings.canonical(create(file))),
				"Create the %s, correct '%s', or set '%s' to 'if-missing'.".formatted(file.kind().word(),
						file.property("path"), file.property("create")));
	}

	private static String whyNotCreated(ResourceSettings file) {
		if (!file.mayBeCreated()) {
			return "";
		}
		return " Directories are created only for a relative path, only below the working directory or a"
				+ " 'yammap.base-dir' that exists, and not with 'yammap.create-directories: false': one that is missing"
				+ " may be a volume that is not mounted.";
	}

	private Finding denied(ResourceSettings file, PathState path) {
		if (!path.exists() && file.isWritten()) {
			return new Finding(
					"the process has no permission to create it in its directory, or to enter that directory.",
					"Change the owner or the permissions of the directory '%s', or correct '%s'."
						.formatted(file.path().getParent(), file.property("path")));
		}
		boolean writes = file.isWritten();
		String hint = writes ? readOnly(file) : "";
		return new Finding(
				"the process has no permission to %s it or to enter its directory."
					.formatted(writes ? "read and write" : "read"),
				"Change the owner or the permissions of the %s or its directory, or correct '%s'%s."
					.formatted(file.kind().word(), file.property("path"), hint));
	}

	private static String readOnly(ResourceSettings file) {
		return ", or set '%s' to '%s'".formatted(file.property("access"),
				ResourceSettings.canonical(FileProperties.Access.READ_ONLY));
	}

	private Finding existing(ResourceSettings file) {
		return new Finding("it exists already, and '%s' is 'new'.".formatted(file.property("create")),
				"Remove the %s, or set '%s' to 'if-missing'.".formatted(file.kind().word(), file.property("create")));
	}

	private Finding locked(ResourceSettings file, FileLockedException cause) {
		String tests = (IN_TEST && cause.isHeldByThisProcess())
				? " In tests, where a context of another test has it open, @AutoConfigureMappedFiles of 'yammap-spring-boot-starter-test' gives each context files of its own."
				: "";
		if (file.kind() == ResourceKind.JOURNAL) {
			return new Finding("another writer has it. " + cause.problem() + ".",
					"Only one process may write to a journal at a time. Stop the other, or correct '%s'. To read what the other appends, set '%s' to 'read-only'."
						.formatted(file.property("path"), file.property("access")) + tests);
		}
		return new Finding(cause.problem() + ".",
				"Close the file there, or correct '%s'. If the file is meant to be shared, set '%s' to 'none', or to 'shared' on both sides."
					.formatted(file.property("path"), file.property("lock")) + tests);
	}

	private Finding unsupported(FileSettings file, IOException cause) {
		if (file.backend() == Backend.NATIVE && !file.locksInMemory() && file.advice() == Advice.NORMAL) {
			return noNativeBackend(file, cause);
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

	private static Finding noNativeBackend(ResourceSettings file, IOException cause) {
		return new Finding(cause.getMessage() + ".",
				"Set '%s' to 'auto', or grant native access %s.".formatted(file.property("backend"), NATIVE_ACCESS));
	}

	private Finding inconsistent(IOException cause) {
		return new Finding(cause.getMessage() + ".", "Correct the MmapBuilderCustomizer that sets it so.");
	}

	/** Explains what the operating system refused for a reason of its own. */
	private @Nullable Finding refused(ResourceSettings file, FailureCause cause) {
		return switch (cause) {
			case LOCKED_MEMORY -> new Finding("it cannot be kept in memory, as this process may not lock that much.",
					"Raise the limit ('ulimit -l', 'LimitMEMLOCK=' of systemd), or set '%s' to 'false'."
						.formatted(file.property("lock-in-memory")));
			case IO_ERROR -> new Finding("its device, or the file system on it, has failed.",
					"See the log of the kernel ('dmesg'), repair the device, or correct '%s'."
						.formatted(file.property("path")));
			case NO_SPACE, QUOTA -> noSpace(file);
			case READ_ONLY -> new Finding("its file system is read-only.",
					"Mount it for writing, correct '%s', or set '%s' to 'read-only'.".formatted(file.property("path"),
							file.property("access")));
			case TOO_MANY_FILES -> new Finding("this process has too many files open.",
					"Raise the limit ('ulimit -n', 'LimitNOFILE=' of systemd), or configure fewer %ss under 'yammap.%s'."
						.formatted(file.kind().word(), file.kind().property()));
			case NO_MEMORY -> new Finding(
					"there is no address space for it ('%s' is %s), or there are too many mappings."
						.formatted(sizeProperty(file), size(file)),
					"Lower '%s', raise the limits ('ulimit -v', 'sysctl vm.max_map_count'), or configure fewer %ss under 'yammap.%s'."
						.formatted(sizeProperty(file), file.kind().word(), file.kind().property()));
			case PROTECTED -> new Finding(
					"the %s or its directory is append-only or immutable, or a security module protects it."
						.formatted(file.kind().word()),
					"Look at it with 'lsattr', end that with 'chattr -a' or 'chattr -i', or set '%s' to 'read-only'."
						.formatted(file.property("access")));
			case NO_LOCKS -> new Finding("its file system has no locks, or the limit of locks is reached.",
					(file.kind() == ResourceKind.JOURNAL)
							? "Put the journal on a file system that has locks: correct '%s'."
								.formatted(file.property("path"))
							: "Set '%s' to 'none', and make sure that no other process writes to the file."
								.formatted(file.property("lock")));
			case NO_DIRECTORY -> new Finding("a part of its path is not a directory.",
					"Correct '%s' or 'yammap.base-dir'.".formatted(file.property("path")));
			case TOO_LONG -> new Finding(
					"it would be longer than the limit of this process or of its file system ('%s' is %s)."
						.formatted(sizeProperty(file), size(file)),
					"Raise the limit ('ulimit -f'), or lower '%s'.".formatted(sizeProperty(file)));
			case OTHER -> null;
		};
	}

	private Finding noSpace(ResourceSettings file) {
		String sparse = (file instanceof FileSettings mapped && mapped.isPreallocated())
				? ", or set '%s' to 'false', so that blocks are taken when they are written"
					.formatted(file.property("preallocate"))
				: "";
		return new Finding("there is no space for it on its disk or in its quota ('%s' is %s)."
			.formatted(sizeProperty(file), size(file)),
				"Free some space, lower '%s'%s.".formatted(sizeProperty(file), sparse));
	}

	private static String sizeProperty(ResourceSettings file) {
		return file.property((file.kind() == ResourceKind.JOURNAL) ? "segment-size" : "size");
	}

	private static String size(ResourceSettings file) {
		return ResourceSettings.canonical(switch (file) {
			case FileSettings mapped -> mapped.size();
			case JournalSettings journal -> journal.segmentSize();
		});
	}

	private static FileProperties.Create create(ResourceSettings file) {
		return switch (file) {
			case FileSettings mapped -> mapped.create();
			case JournalSettings journal -> journal.create();
		};
	}

	private static String place(ResourceSettings file) {
		return (file.kind() == ResourceKind.JOURNAL) ? "directory" : "file";
	}

	private @Nullable Finding tooLong(FileSettings file) {
		DataSize maxSize = file.maxSize();
		try {
			if (maxSize != null && Files.size(file.path()) > maxSize.toBytes()) {
				return new Finding(
						"it is %d bytes long, which is more than '%s' (%s).".formatted(Files.size(file.path()),
								file.property("max-size"), ResourceSettings.canonical(maxSize)),
						"Raise '%s', or correct '%s'.".formatted(file.property("max-size"), file.property("path")));
			}
		}
		catch (IOException ex) {
			// If the length cannot be read, it is not the problem.
		}
		return null;
	}

	private Finding other(ResourceSettings file, @Nullable IOException cause) {
		return new Finding((cause != null) ? cause.getMessage() + "." : "the reason is unknown.",
				"Correct what is wrong with the %s, or point '%s' elsewhere.".formatted(file.kind().word(),
						file.property("path")));
	}

	private record Finding(String problem, String action) {
	}

}
