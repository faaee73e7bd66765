using Orleans;

namespace OrleansBackup.SqliteStorage;

/// <summary>The state file could not do what was asked. Nothing of the failed write is stored.</summary>
[GenerateSerializer]
public class StateStoreException : Exception
{
    public StateStoreException() { }
    public StateStoreException(string message) : base(message) { }
    public StateStoreException(string message, Exception innerException) : base(message, innerException) { }

    public StateStoreException(string message, bool isTransient, Exception? inner = null) : base(message, inner) => IsTransient = isTransient;

    /// <summary>Whether the same write may succeed later with nobody doing anything about it.</summary>
    [Id(0)]
    public bool IsTransient { get; private set; }
}

/// <summary>The disk, or the room that the file may use, is full. Writes succeed again when there is room.</summary>
[GenerateSerializer]
public sealed class StateStoreFullException : StateStoreException
{
    public StateStoreFullException() { }
    public StateStoreFullException(string message) : base(message) { }
    public StateStoreFullException(string message, Exception innerException) : base(message, isTransient: false, innerException) { }
}
