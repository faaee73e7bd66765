using System.Text.Json;
using Orleans.Runtime;
using OrleansBackup.SqliteStorage;

namespace OrleansBackup.Grains.Tests.Given;

/// <summary>A state that counts how often and how much of it is written, in the form in which it is stored.</summary>
internal sealed class CountedState<TState> : IPersistentState<TState>
    where TState : class, new()
{
    public TState State { get; set; } = new();

    public string? Etag => $"{Writes}";

    public bool RecordExists => Writes > 0;

    public int Writes { get; private set; }

    public long Bytes { get; private set; }

    public bool Fails { get; set; }

    public Task ReadStateAsync() => Task.CompletedTask;

    public Task WriteStateAsync()
    {
        if (Fails)
            throw new IOException("The database is away.");
        Writes++;
        Bytes += JsonSerializer.SerializeToUtf8Bytes(State, StateJson.Options).Length;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync()
    {
        State = new();
        return Task.CompletedTask;
    }

    public Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();

    public Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

    public Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();
}
