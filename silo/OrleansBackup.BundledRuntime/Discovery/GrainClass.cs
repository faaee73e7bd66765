using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>One grain class: its name in ids, what its attributes say, and how an instance is made.</summary>
internal sealed class GrainClass
{
    private readonly StateFacet[] _facets;
    private readonly bool _takesContext;
    private readonly ObjectFactory _create;

    internal GrainClass(Type type, GrainCollectionOptions collection)
    {
        Type = type;
        Name = GrainType.Create(type.GetCustomAttribute<GrainTypeAttribute>()?.Name ?? NameByConvention(type));
        Interfaces = [.. type.GetInterfaces().Where(contract => typeof(IGrain).IsAssignableFrom(contract))];
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        MostWorkers = type.GetCustomAttribute<StatelessWorkerAttribute>(inherit: true)?.MaxLocalWorkers;
        FiltersOwnCalls = typeof(IIncomingGrainCallFilter).IsAssignableFrom(type);
        OverridesActivation = Overrides(type, nameof(Grain.OnActivateAsync));
        OverridesDeactivation = Overrides(type, nameof(Grain.OnDeactivateAsync));
        CollectionAge = collection.ClassSpecificCollectionAge.GetValueOrDefault(type.FullName!, collection.CollectionAge);

        var constructors = type.GetConstructors();
        var constructor = constructors.FirstOrDefault(one => one.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
            ?? constructors.MaxBy(one => one.GetParameters().Length)
            ?? throw new InvalidOperationException($"{type} has no public constructor, so the engine cannot make it.");
        _facets = [.. constructor.GetParameters().Select(StateFacet.Of).OfType<StateFacet>()];
        _takesContext = constructor.GetParameters().Any(parameter => parameter.ParameterType == typeof(IGrainContext));
        List<Type> given = [.. _facets.Select(facet => facet.ParameterType)];
        if (_takesContext)
            given.Add(typeof(IGrainContext));
        _create = ActivatorUtilities.CreateFactory(type, [.. given]);
    }

    internal Type Type { get; }
    internal GrainType Name { get; }
    internal Type[] Interfaces { get; }

    /// <summary>The contract of a reference to this grain when none is asked for.</summary>
    internal Type MainInterface => Interfaces.FirstOrDefault(one => one.IsDefined(typeof(AliasAttribute), false)) ?? Interfaces[0];

    internal bool IsReentrant { get; }
    internal bool FiltersOwnCalls { get; }
    internal bool OverridesActivation { get; }
    internal bool OverridesDeactivation { get; }
    internal TimeSpan CollectionAge { get; }

    /// <summary>For stateless workers, most activations of one key; null for all others.</summary>
    internal int? MostWorkers { get; }

    internal object Create(Activation activation, out IActivationState[] states)
    {
        if (_facets.Length == 0 && !_takesContext)
        {
            states = [];
            return _create(activation.ActivationServices, null);
        }
        states = new IActivationState[_facets.Length];
        var given = new object[_facets.Length + (_takesContext ? 1 : 0)];
        for (var i = 0; i < _facets.Length; i++)
            given[i] = states[i] = _facets[i].Create(activation);
        if (_takesContext)
            given[^1] = activation;
        return _create(activation.ActivationServices, given);
    }

    private static string NameByConvention(Type type)
    {
        const string ending = "grain";
#pragma warning disable CA1308 // the convention of stored ids is lower case
        var name = type.Name.ToLowerInvariant();
#pragma warning restore CA1308
        return name.Length > ending.Length && name.EndsWith(ending, StringComparison.Ordinal) ? name[..^ending.Length] : name;
    }

    private static bool Overrides(Type type, string method)
    {
        var map = type.GetInterfaceMap(typeof(IGrainBase));
        var index = Array.FindIndex(map.InterfaceMethods, one => one.Name == method);
        return map.TargetMethods[index].DeclaringType is { } declaring && declaring != typeof(Grain) && declaring != typeof(IGrainBase);
    }
}
