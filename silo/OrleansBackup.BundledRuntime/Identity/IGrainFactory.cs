using Orleans.Runtime;

namespace Orleans;

/// <summary>Hands out references to grains. A reference always works: the grain comes to life on its first call.</summary>
public interface IGrainFactory
{
    /// <exception cref="ArgumentException">No grain class, or more than one, implements the interface.</exception>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;

    /// <inheritdoc cref="GetGrain{TGrainInterface}(string, string?)"/>
    TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey;

    /// <inheritdoc cref="GetGrain{TGrainInterface}(string, string?)"/>
    TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey;

    /// <summary>A reference to a grain whose full id is known, such as one read from a store.</summary>
    TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable;

    /// <inheritdoc cref="GetGrain{TGrainInterface}(string, string?)"/>
    IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey);
}

/// <summary>The factory as a client has it: beside the services that it was made from.</summary>
public interface IClusterClient : IGrainFactory
{
    IServiceProvider ServiceProvider { get; }
}
