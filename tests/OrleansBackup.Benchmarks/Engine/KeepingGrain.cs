using System.Security.Cryptography;
using Orleans;
using Orleans.Runtime;

namespace OrleansBackup.Benchmarks.Engine;

/// <summary>Keeps a kilobyte, to measure what a write of state costs.</summary>
public interface IKeepingGrain : IGrainWithStringKey
{
    Task WriteAsync();
}

[GenerateSerializer]
public sealed record KeptState
{
    [Id(0)] public int Version { get; set; }

    /// <summary>About 1,000 characters.</summary>
    [Id(1)] public string Text { get; set; } = "";
}

public sealed class KeepingGrain([PersistentState("kept", MeasuredSilo.Storage)] IPersistentState<KeptState> state) : Grain, IKeepingGrain
{
    private readonly string _text = Convert.ToHexString(RandomNumberGenerator.GetBytes(500));

    public Task WriteAsync()
    {
        state.State.Version++;
        state.State.Text = _text;
        return state.WriteStateAsync();
    }
}
