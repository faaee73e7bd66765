using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansBackup.Grains.Tests.Given;

/// <summary>A database with which a test does something before and after a write. Everything behind it is the real one.</summary>
/// <param name="around">Gets the state's name, and whether the write is durable already.</param>
internal sealed class HookedGrainStorage(IGrainStorage inner, Func<string, bool, Task> around) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await around(stateName, false);
        await inner.WriteStateAsync(stateName, grainId, grainState);
        await around(stateName, true);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);
}
