using System.IO.Compression;
using System.Text;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Contracts;

namespace OrleansBackup.Grains.Contracts;

/// <summary>Keeps one list that was shown, compressed: a customer with a million points makes some megabytes of it.</summary>
internal sealed class EvidenceGrain([PersistentState("contract-evidence", StateStores.Default)] IPersistentState<EvidenceState> storage) : Grain, IEvidenceGrain
{
    private readonly StateKeeper<EvidenceState> _keeper = new(storage);

    public Task Keep(string text, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        using (var packing = new BrotliStream(bytes, CompressionLevel.Optimal, leaveOpen: true))
            packing.Write(Encoding.UTF8.GetBytes(text));
        return _keeper.ChangeAsync(state => state with { Packed = Convert.ToBase64String(bytes.ToArray()) });
    }

    public Task Forget(CancellationToken cancellation) => _keeper.ClearAsync();

    public Task<string> Read(CancellationToken cancellation)
    {
        if (_keeper.State.Packed.Length == 0)
            throw new NotFoundException("No list is kept of this.");
        using var reader = new StreamReader(new BrotliStream(new MemoryStream(Convert.FromBase64String(_keeper.State.Packed)), CompressionMode.Decompress), Encoding.UTF8);
        return Task.FromResult(reader.ReadToEnd());
    }
}

/// <summary>What is remembered of it. Additive: a field, once written, keeps its meaning.</summary>
[GenerateSerializer, Immutable, Alias("contract-evidence-state")]
internal sealed record EvidenceState : StoredState
{
    /// <summary>The text, brotli, in base64; empty: nothing is kept.</summary>
    [Id(0)] public string Packed { get; init; } = "";
}
