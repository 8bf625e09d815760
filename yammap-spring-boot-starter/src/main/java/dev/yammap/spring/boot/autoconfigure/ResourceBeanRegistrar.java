package dev.yammap.spring.boot.autoconfigure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.Journals;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.settings.InvalidFileException;
import dev.yammap.spring.boot.settings.ResourceKind;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.ConstructorArgumentValues;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Adds a bean definition for each name under {@code yammap.files} and
 * {@code yammap.journals}: where YAML becomes beans. The bean comes from the registry's
 * {@link Mmaps#get(String)} or {@link Journals#get(String)}; no file is touched here, as
 * this also runs when code is generated ahead of time.
 */
public class ResourceBeanRegistrar implements ImportBeanDefinitionRegistrar {

	private static final Log logger = LogFactory.getLog(ResourceBeanRegistrar.class);

	private static final String MMAPS = "mmaps";

	private static final String JOURNALS = "yammapJournals";

	private static final String CONVERTER = "yammapPathToStringConverter";

	private static final String DISABLED = "yammapDisabledNames";

	private static final String PROPERTY_REGISTRAR = "org.springframework.test.context.DynamicPropertyRegistrar";

	private static final ConfigurationPropertyName BASE_DIR = ConfigurationPropertyName.of("yammap.base-dir");

	/**
	 * Names by which beans are looked up that are defined later, or that may be missing.
	 * A resource of such a name would silently replace a bean that others rely on.
	 */
	private static final Set<String> RESERVED = Set.of("mmapMetrics", "mmapMetricsPostProcessor",
			"mmapSyncObservations", "yammapEndpoint", "yammapEndpointWebExtension", "yammapHealthContributor",
			"yammapHealthIndicator", "yammapInfoContributor", AbstractApplicationContext.MESSAGE_SOURCE_BEAN_NAME,
			AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME,
			AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME,
			ConfigurableApplicationContext.BOOTSTRAP_EXECUTOR_BEAN_NAME,
			ConfigurableApplicationContext.CONVERSION_SERVICE_BEAN_NAME);

	private final Environment environment;

	private final ConfigurableListableBeanFactory beanFactory;

	ResourceBeanRegistrar(Environment environment, BeanFactory beanFactory) {
		this.environment = environment;
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata importingClassMetadata, BeanDefinitionRegistry registry) {
		ConfiguredNames names = new ConfiguredNames(this.environment);
		names.requireBindable();
		if (hasPathObjects(names)) {
			registry.registerBeanDefinition(CONVERTER, new RootBeanDefinition(PathToStringConverter.class));
		}
		if (names.files().enabled().isEmpty() && names.journals().enabled().isEmpty()) {
			return;
		}
		BackendPreparer.start(this.environment, names);
		register(registry, ResourceKind.FILE, names.files(), Mmap.class, MMAPS, Mmaps.class);
		register(registry, ResourceKind.JOURNAL, names.journals(), Journal.class, JOURNALS, Journals.class);
		if (!names.files().disabled().isEmpty() || !names.journals().disabled().isEmpty()) {
			registry.registerBeanDefinition(DISABLED, disabledNames(names));
		}
	}

	private static RootBeanDefinition disabledNames(ConfiguredNames names) {
		List<String> enabled = new ArrayList<>(names.files().enabled());
		enabled.addAll(names.journals().enabled());
		RootBeanDefinition definition = new RootBeanDefinition(DisabledNames.class);
		definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
		ConstructorArgumentValues values = definition.getConstructorArgumentValues();
		values.addIndexedArgumentValue(0, new ArrayList<>(names.files().disabled()));
		values.addIndexedArgumentValue(1, new ArrayList<>(names.journals().disabled()));
		values.addIndexedArgumentValue(2, enabled);
		return definition;
	}

	private void register(BeanDefinitionRegistry registry, ResourceKind kind, ResourceNames names, Class<?> type,
			String usualFactory, Class<?> factoryType) {
		if (names.enabled().isEmpty()) {
			return;
		}
		String factoryBeanName = factoryBeanName(registry, usualFactory, factoryType);
		String primary = primary(kind, names);
		for (String name : names.enabled()) {
			if (isFree(kind, name, type)) {
				RootBeanDefinition definition = beanDefinition(kind, name, type, factoryBeanName);
				definition.setPrimary(name.equals(primary));
				registry.registerBeanDefinition(name, definition);
			}
		}
	}

	/** Beans of tests may still add properties, see {@code DynamicPropertyRegistrar}. */
	private boolean hasPathObjects(ConfiguredNames names) {
		return hasPropertyRegistrars() || isPathObject(BASE_DIR) || hasPathObjects(names.files())
				|| hasPathObjects(names.journals());
	}

	private boolean hasPathObjects(ResourceNames names) {
		for (String name : names.enabled()) {
			if (isPathObject(names.property(name, "path"))) {
				return true;
			}
		}
		return false;
	}

	private boolean hasPropertyRegistrars() {
		ClassLoader classLoader = this.beanFactory.getBeanClassLoader();
		return ClassUtils.isPresent(PROPERTY_REGISTRAR, classLoader) && this.beanFactory
			.getBeanNamesForType(ClassUtils.resolveClassName(PROPERTY_REGISTRAR, classLoader), true, false).length > 0;
	}

	private boolean isPathObject(ConfigurationPropertyName name) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null) {
				return property.getValue() instanceof Path;
			}
		}
		return false;
	}

	private @Nullable String primary(ResourceKind kind, ResourceNames names) {
		String primary = null;
		for (String name : names.enabled()) {
			if (names.isTrue(name, "primary", false)) {
				if (primary != null) {
					throw new InvalidConfigurationPropertyValueException(kind.property(name, "primary"), true,
							"Only one %s can be primary, and '%s' is 'true' already.".formatted(kind.word(),
									kind.property(primary, "primary")));
				}
				primary = name;
			}
		}
		return primary;
	}

	private String factoryBeanName(BeanDefinitionRegistry registry, String usual, Class<?> type) {
		// This bean exists only if there is no other, so it need not be looked for.
		if (registry.containsBeanDefinition(usual) && YammapAutoConfiguration.class.getName()
			.equals(registry.getBeanDefinition(usual).getFactoryBeanName())) {
			return usual;
		}
		String[] names = this.beanFactory.getBeanNamesForType(type, true, false);
		if (names.length != 1) {
			throw new NoUniqueBeanDefinitionException(type, Arrays.asList(names));
		}
		return names[0];
	}

	private boolean isFree(ResourceKind kind, String name, Class<?> wanted) {
		if (RESERVED.contains(name)) {
			throw new InvalidFileException(
					"The %s '%s' cannot become a bean: its name is that of a bean which others rely on."
						.formatted(kind.noun(), name),
					"Give the %s another name in place of '%s'.".formatted(kind.word(), kind.prefix(name)));
		}
		if (!this.beanFactory.containsLocalBean(name)) {
			return true;
		}
		Class<?> type = this.beanFactory.getType(name, false);
		if (type != null && !wanted.isAssignableFrom(type)) {
			throw new InvalidFileException(
					"The %s '%s' cannot become a bean: a bean of that name and of type %s%s is already there."
						.formatted(kind.noun(), name, type.getName(), origin(name)),
					"Give the %s another name in place of '%s', or rename the bean.".formatted(kind.word(),
							kind.prefix(name)));
		}
		logger.debug("The application has a bean '" + name + "' of its own, which replaces the " + kind.noun()
				+ " of that name");
		return false;
	}

	private String origin(String name) {
		String origin = this.beanFactory.containsBeanDefinition(name)
				? this.beanFactory.getBeanDefinition(name).getResourceDescription() : null;
		return (origin != null) ? ", defined in " + origin + "," : "";
	}

	private RootBeanDefinition beanDefinition(ResourceKind kind, String name, Class<?> type, String factoryBeanName) {
		RootBeanDefinition definition = new RootBeanDefinition(type);
		definition.setFactoryBeanName(factoryBeanName);
		definition.setFactoryMethodName("get");
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
		// Otherwise Spring would infer close(), as for any AutoCloseable.
		definition.setDestroyMethodName(ResourceBeanDefinitions.KEEP_OPEN);
		definition.setDescription(StringUtils.capitalize(kind.noun()) + " '" + kind.prefix(name) + "'");
		return definition;
	}

}
