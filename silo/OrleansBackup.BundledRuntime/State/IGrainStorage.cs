using Orleans.Runtime;

namespace Orleans
{
    /// <summary>One stored record in the hands of a storage provider.</summary>
    public interface IGrainState<T>
    {
        T? State { get; set; }

        /// <summary>Which version of the record this is; null if it is not stored.</summary>
        string? ETag { get; set; }
        bool RecordExists { get; set; }
    }

    /// <inheritdoc cref="IGrainState{T}"/>
    [GenerateSerializer]
    public sealed class GrainState<T> : IGrainState<T>
    {
        public GrainState() { }
        public GrainState(T? state) => State = state;
        public GrainState(T? state, string? eTag) : this(state) => ETag = eTag;

        [Id(0)]
        public T? State { get; set; }

        [Id(1)]
        public string? ETag { get; set; }

        [Id(2)]
        public bool RecordExists { get; set; }
    }
}

namespace Orleans.Storage
{
    /// <summary>Where grain state is kept. When a write returns, it is durable; when it throws, it may or may not have happened.</summary>
    public interface IGrainStorage
    {
        /// <summary>Fills in state, etag and existence; a record that does not exist gives a new state and no etag.</summary>
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <exception cref="InconsistentStateException">The stored version is not the one in <paramref name="grainState"/>.</exception>
        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <inheritdoc cref="WriteStateAsync{T}(string, GrainId, IGrainState{T})"/>
        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);
    }
}

namespace Orleans.Core
{
    /// <summary>The record of one state of one grain.</summary>
    public interface IStorage
    {
        /// <summary>The version last read or written; null if none is stored.</summary>
        string? Etag { get; }
        bool RecordExists { get; }

        Task ReadStateAsync();

        /// <exception cref="Storage.InconsistentStateException">Somebody else has written since; the activation goes if this escapes.</exception>
        Task WriteStateAsync();

        /// <inheritdoc cref="WriteStateAsync()"/>
        Task ClearStateAsync();

        Task ReadStateAsync(CancellationToken cancellationToken);

        /// <inheritdoc cref="WriteStateAsync()"/>
        Task WriteStateAsync(CancellationToken cancellationToken);

        /// <inheritdoc cref="WriteStateAsync()"/>
        Task ClearStateAsync(CancellationToken cancellationToken);
    }

    /// <inheritdoc cref="IStorage"/>
    public interface IStorage<TState> : IStorage
    {
        TState State { get; set; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>State that is read before the grain comes to life and written when the grain says so.</summary>
    public interface IPersistentState<TState> : Core.IStorage<TState>;

    /// <summary>Marks a constructor parameter of type <see cref="IPersistentState{TState}"/>.</summary>
    /// <param name="stateName">The name of the state in the store; it never changes.</param>
    /// <param name="storageName">The storage provider's name; null for the default one.</param>
    [AttributeUsage(AttributeTargets.Parameter)]
    public class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute
    {
        public string StateName { get; } = stateName;
        public string? StorageName { get; } = storageName;
    }
}
