using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>The stored state is not the version that the writer had read: somebody else owns it by now.</summary>
[GenerateSerializer]
public class InconsistentStateException : OrleansException
{
    private object? _source;

    public InconsistentStateException() { }
    public InconsistentStateException(string message) : base(message) { }
    public InconsistentStateException(string message, Exception? innerException) : base(message, innerException!) { }

    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag) : base(errorMsg)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException)
        : base(errorMsg, storageException!)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    /// <summary>The version in the store.</summary>
    [Id(1)]
    public string? StoredEtag { get; private set; }

    /// <summary>The version that the writer had.</summary>
    [Id(2)]
    public string? CurrentEtag { get; private set; }

    internal void ComesFrom(object activation) => _source = activation;

    /// <summary>True once, for the activation whose write it was: callers further up are not at fault.</summary>
    internal bool TakeSource(object activation) => Interlocked.CompareExchange(ref _source, null, activation) == activation;
}

/// <summary>A storage provider is missing or set up wrongly.</summary>
[GenerateSerializer]
public sealed class BadProviderConfigException : OrleansException
{
    public BadProviderConfigException() { }
    public BadProviderConfigException(string message) : base(message) { }
    public BadProviderConfigException(string message, Exception innerException) : base(message, innerException) { }
}
