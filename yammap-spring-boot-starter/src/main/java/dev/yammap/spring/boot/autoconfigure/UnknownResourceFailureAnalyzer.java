package dev.yammap.spring.boot.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.MappedFile;
import dev.yammap.spring.boot.settings.ResourceKind;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Analyzes the failure to inject a file or journal, if none or more than one fits an
 * injection point. It lists the names that exist. It comes before Spring Boot's own
 * analyzers, which know beans, but not files.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class UnknownResourceFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final String SLICE = " A test of a slice, such as @WebMvcTest, needs @AutoConfigureMappedFiles of"
			+ " 'yammap-spring-boot-starter-test'.";

	private final @Nullable BeanFactory beanFactory;

	private final @Nullable Environment environment;

	UnknownResourceFailureAnalyzer(@Nullable BeanFactory beanFactory, @Nullable Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		InjectionPoint point = injectionPoint(rootFailure);
		if (point != null && this.beanFactory instanceof ListableBeanFactory beans) {
			if (Mmap.class.equals(cause.getBeanType())) {
				return analyze(ResourceKind.FILE, names(beans, Mmap.class), point, cause);
			}
			if (Journal.class.equals(cause.getBeanType())) {
				return analyze(ResourceKind.JOURNAL, names(beans, Journal.class), point, cause);
			}
		}
		return null;
	}

	private static List<String> names(ListableBeanFactory beans, Class<?> type) {
		return Arrays.asList(beans.getBeanNamesForType(type, true, false));
	}

	private @Nullable FailureAnalysis analyze(ResourceKind kind, List<String> names, InjectionPoint point,
			NoSuchBeanDefinitionException cause) {
		String name = qualifier(point);
		ResourceNames configured = (this.environment != null) ? new ConfiguredNames(this.environment).of(kind) : null;
		Set<String> disabled = (configured != null) ? configured.disabled() : Set.of();
		String wanted = (name != null) ? name : nameOf(point);
		if (wanted != null && disabled.contains(wanted) && !names.contains(wanted)) {
			return new FailureAnalysis(
					"%s needs the %s '%s', and '%s' is 'false'.".formatted(describe(point), kind.noun(), wanted,
							kind.property(wanted, "enabled")),
					"Set '%s' to 'true' in this profile, or make the injection optional. %s"
						.formatted(kind.property(wanted, "enabled"), list(kind, names)),
					cause);
		}
		if (names.isEmpty() && configured != null && !configured.enabled().isEmpty()) {
			return new FailureAnalysis(
					"%s needs a %s, and none of those that are configured is a bean.".formatted(describe(point),
							kind.noun()),
					"Set 'yammap.enabled' to 'true' or remove it, and do not exclude the auto-configuration of Yammap.%s The names that are configured: %s."
						.formatted(OpenFailureAnalyzer.IN_TEST ? SLICE : "", String.join(", ", configured.enabled())),
					cause);
		}
		if (name != null && !names.contains(name)) {
			return new FailureAnalysis(
					"%s needs the %s '%s', and there is none of that name.".formatted(describe(point), kind.noun(),
							name),
					"Correct the name, or configure '%s'. %s".formatted(kind.property(name, "path"), list(kind, names)),
					cause);
		}
		if (name == null && names.size() > 1) {
			String qualifier = (kind == ResourceKind.FILE) ? "@MappedFile" : "@Qualifier";
			return new FailureAnalysis(
					"%s needs a %s, and there are several, none of which has its name.".formatted(describe(point),
							kind.noun()),
					"Give the parameter or field the name of a %1$s, annotate it with %2$s(\"name\"), or set 'primary' of one %1$s to 'true'. %3$s"
						.formatted(kind.word(), qualifier, list(kind, names)),
					cause);
		}
		if (name == null && names.isEmpty()) {
			return new FailureAnalysis("%s needs a %s, and there is none.".formatted(describe(point), kind.noun()),
					"Configure one under 'yammap.%s', and make sure that 'yammap.enabled' is not 'false'."
						.formatted(kind.property()),
					cause);
		}
		return null;
	}

	/** The last injection point is the one that failed: the others needed it. */
	private static @Nullable InjectionPoint injectionPoint(Throwable failure) {
		InjectionPoint point = null;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof UnsatisfiedDependencyException dependency && dependency.getInjectionPoint() != null) {
				point = dependency.getInjectionPoint();
			}
		}
		return point;
	}

	private static @Nullable String qualifier(InjectionPoint point) {
		MappedFile file = point.getAnnotation(MappedFile.class);
		if (file != null) {
			return file.value();
		}
		Qualifier qualifier = point.getAnnotation(Qualifier.class);
		return (qualifier != null) ? qualifier.value() : null;
	}

	private static @Nullable String nameOf(InjectionPoint point) {
		MethodParameter parameter = point.getMethodParameter();
		if (parameter == null) {
			return point.getMember().getName();
		}
		parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
		return parameter.getParameterName();
	}

	/** Describes an injection point as Spring Boot's own analyzers do. */
	private static String describe(InjectionPoint point) {
		if (point.getMethodParameter() != null) {
			String executable = point.getMember().getName();
			boolean constructor = point.getMethodParameter().getConstructor() != null;
			return "Parameter " + point.getMethodParameter().getParameterIndex() + " of "
					+ (constructor ? "constructor in " + executable
							: "method " + executable + " in " + point.getMember().getDeclaringClass().getName());
		}
		return "Field " + point.getMember().getName() + " in " + point.getMember().getDeclaringClass().getName();
	}

	private static String list(ResourceKind kind, List<String> names) {
		return names.isEmpty() ? "There are no " + kind.word() + "s."
				: "The names there are: " + String.join(", ", names) + ".";
	}

}
