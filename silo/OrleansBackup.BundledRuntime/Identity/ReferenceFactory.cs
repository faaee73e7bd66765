using System.Globalization;

namespace Orleans.Runtime;

/// <summary>Makes references: the grain class for an interface, the proxy for the class.</summary>
internal sealed class ReferenceFactory(SiloRuntime runtime) : IClusterClient
{
    public IServiceProvider ServiceProvider => runtime.Services;

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        if (string.IsNullOrWhiteSpace(primaryKey))
            throw new ArgumentException("A grain key must not be empty.", nameof(primaryKey));
        return Find<TGrainInterface>(primaryKey, grainClassNamePrefix);
    }

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        Find<TGrainInterface>(primaryKey.ToString("X", CultureInfo.InvariantCulture), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey =>
        Find<TGrainInterface>(primaryKey.ToString("N"), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable =>
        (TGrainInterface)(object)Create(grainId, typeof(TGrainInterface));

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(grainPrimaryKey);
        var grainClass = runtime.Catalog.Implementing(grainInterfaceType, null);
        return (IGrain)Create(GrainId.Create(grainClass.Name, grainPrimaryKey), grainInterfaceType, grainClass);
    }

    internal GrainReference Create(GrainId id, Type contract) => Create(id, contract, runtime.Catalog.Named(id.Type));

    private TGrainInterface Find<TGrainInterface>(string key, string? namePrefix)
    {
        var grainClass = runtime.Catalog.Implementing(typeof(TGrainInterface), namePrefix);
        return (TGrainInterface)(object)Create(GrainId.Create(grainClass.Name, key), typeof(TGrainInterface), grainClass);
    }

    private GrainReference Create(GrainId id, Type contract, GrainClass grainClass) =>
        GrainInterface.Of(contract).CreateReference(runtime, id, grainClass);
}
