using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Runtime
{
    /// <summary>Something a silo does once when it starts, before its reminders tick. If it fails, the start fails.</summary>
    public interface IStartupTask
    {
        Task Execute(CancellationToken cancellationToken);
    }

    /// <summary>When in the start something runs; smaller is earlier.</summary>
    public static class ServiceLifecycleStage
    {
        public const int ApplicationServices = 10000;
        public const int BecomeActive = 19999;
        public const int Active = 20000;
    }

    internal sealed record StartupStep(int Stage, Func<IServiceProvider, CancellationToken, Task> Run);
}

namespace Orleans.Hosting
{
    /// <summary>Registers what a silo does when it starts.</summary>
    public static class SiloBuilderStartupExtensions
    {
        public static ISiloBuilder AddStartupTask<TStartup>(this ISiloBuilder builder, int stage = Runtime.ServiceLifecycleStage.Active)
            where TStartup : class, Runtime.IStartupTask =>
            builder.AddStartupTask((services, cancellation) => ActivatorUtilities.GetServiceOrCreateInstance<TStartup>(services).Execute(cancellation), stage);

        public static ISiloBuilder AddStartupTask(
            this ISiloBuilder builder, Runtime.IStartupTask startupTask, int stage = Runtime.ServiceLifecycleStage.Active) =>
            builder.AddStartupTask((_, cancellation) => startupTask.Execute(cancellation), stage);

        public static ISiloBuilder AddStartupTask(
            this ISiloBuilder builder, Func<IServiceProvider, CancellationToken, Task> startupTask, int stage = Runtime.ServiceLifecycleStage.Active) =>
            builder.ConfigureServices(services => services.AddSingleton(new Runtime.StartupStep(stage, startupTask)));
    }
}
