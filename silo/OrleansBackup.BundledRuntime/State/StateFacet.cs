using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>A constructor parameter that is persistent state: what it is called and where it is kept.</summary>
internal sealed class StateFacet
{
    private readonly string _stateName;
    private readonly string? _storageName;
    private readonly Type _bridge;
    private readonly string _owner;

    private StateFacet(ParameterInfo parameter, PersistentStateAttribute attribute)
    {
        if (!parameter.ParameterType.IsGenericType || parameter.ParameterType.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new InvalidOperationException(
                $"Parameter {parameter.Name} of {parameter.Member.DeclaringType} is [PersistentState] but not IPersistentState<T>.");
        }
        ParameterType = parameter.ParameterType;
        _owner = $"{parameter.Member.DeclaringType}";
        _stateName = string.IsNullOrEmpty(attribute.StateName) ? parameter.Name! : attribute.StateName;
        _storageName = attribute.StorageName;
        _bridge = typeof(PersistentState<>).MakeGenericType(ParameterType.GetGenericArguments());
    }

    internal Type ParameterType { get; }

    internal static StateFacet? Of(ParameterInfo parameter) =>
        parameter.GetCustomAttribute<PersistentStateAttribute>() is { } attribute ? new StateFacet(parameter, attribute) : null;

    /// <exception cref="BadProviderConfigException">No storage provider has that name.</exception>
    internal IActivationState Create(Activation activation)
    {
        var services = activation.Runtime.Services;
        var storage = (string.IsNullOrEmpty(_storageName)
                ? services.GetService<IGrainStorage>()
                : services.GetKeyedService<IGrainStorage>(_storageName))
            ?? throw new BadProviderConfigException(string.IsNullOrEmpty(_storageName)
                ? $"{_owner} wants the default storage provider and there is none."
                : $"{_owner} wants a storage provider named '{_storageName}' and there is none.");
        return (IActivationState)Activator.CreateInstance(_bridge, activation, _stateName, storage)!;
    }
}

/// <summary>A state as the activation sees it before the grain comes to life.</summary>
internal interface IActivationState
{
    Task LoadAsync(CancellationToken cancellation);
}
