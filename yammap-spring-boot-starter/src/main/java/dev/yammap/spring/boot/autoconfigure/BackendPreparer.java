package dev.yammap.spring.boot.autoconfigure;

import java.util.EnumSet;
import java.util.Set;

import dev.yammap.Backend;
import dev.yammap.spring.boot.settings.ResourceKind;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.env.Environment;

/**
 * Makes the engine prepare its backends on a thread of its own while the application
 * starts. To link the C library takes some 50 ms, which the main thread would otherwise
 * spend when it opens the first file. This is done only if there is a second processor.
 * <p>
 * It begins once the bean definitions of the files are known. That is early enough, and
 * earlier it would take longer: by then the virtual machine has compiled the code that
 * makes classes at run time, which linking needs most. With beans that were found ahead
 * of time nothing calls this, and the first file is opened without it.
 * <p>
 * Whatever goes wrong here goes wrong again when a file is opened, and is reported then,
 * so it is not reported here. The system property
 * {@code spring.backgroundpreinitializer.ignore} turns this off as it does Spring Boot's
 * own work in the background.
 */
final class BackendPreparer implements Runnable {

	private static final String THREAD_NAME = "yammap-prepare";

	private static final Bindable<Backend> BACKEND = Bindable.of(Backend.class);

	private static final Log logger = LogFactory.getLog(BackendPreparer.class);

	private final Set<Backend> backends;

	private BackendPreparer(Set<Backend> backends) {
		this.backends = backends;
	}

	/**
	 * Begins to prepare the backends of files and journals.
	 * @param environment where the properties are
	 * @param names the files and journals
	 */
	static void start(Environment environment, ConfiguredNames names) {
		if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)
				|| Boolean.getBoolean("spring.backgroundpreinitializer.ignore")
				|| Runtime.getRuntime().availableProcessors() == 1) {
			return;
		}
		Thread thread = new Thread(new BackendPreparer(backends(environment, names)), THREAD_NAME);
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Finds out which backends the files and journals will need.
	 */
	static Set<Backend> backends(Environment environment, ConfiguredNames names) {
		Set<Backend> backends = EnumSet.noneOf(Backend.class);
		Binder binder = Binder.get(environment);
		try {
			for (ResourceKind kind : ResourceKind.values()) {
				for (String name : names.of(kind).enabled()) {
					backends.add(binder.bind(names.of(kind).property(name, "backend"), BACKEND).orElse(Backend.AUTO));
				}
			}
		}
		catch (BindException ex) {
			logger.debug("The properties of mapped files are not valid, which will be reported later", ex);
			backends.clear();
		}
		return backends;
	}

	@Override
	public void run() {
		for (Backend backend : this.backends) {
			try {
				backend.prepare();
			}
			catch (RuntimeException | Error ex) {
				logger.debug("The backend " + backend + " could not be prepared", ex);
			}
		}
	}

}
