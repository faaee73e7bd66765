using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Storage;

namespace Orleans.Runtime.Hosting;

/// <summary>Registers storage providers by name.</summary>
public static class StorageProviderExtensions
{
    private const string DefaultName = "Default";

    /// <summary>Registers a provider; the one named "Default" also serves states that name none.</summary>
    public static IServiceCollection AddGrainStorage<T>(this IServiceCollection collection, string name, Func<IServiceProvider, string, T> implementationFactory)
        where T : IGrainStorage
    {
        ArgumentNullException.ThrowIfNull(name);
        collection.AddKeyedSingleton<IGrainStorage>(name, (services, key) => implementationFactory(services, (string)key!));
        if (name == DefaultName)
            collection.TryAddSingleton(services => services.GetRequiredKeyedService<IGrainStorage>(DefaultName));
        return collection;
    }
}
