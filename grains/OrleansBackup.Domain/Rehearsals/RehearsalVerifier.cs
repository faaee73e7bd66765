using System.Collections.Immutable;
using OrleansBackup.Domain.Evidence;

namespace OrleansBackup.Domain.Rehearsals;

/// <summary>What verifying a rehearsal's record found. Valid if there is no problem; that items failed is said by the record and is none.</summary>
/// <param name="DrawCompared">False: no inventory was at hand, so nobody drew the sample again.</param>
public sealed record RehearsalVerdict(RehearsalRecord? Record, bool DrawCompared, ImmutableArray<string> Problems)
{
    public bool IsValid => Problems.IsEmpty;
}

/// <summary>Verifies a rehearsal's record: what the provider signed, and that the items are those that had to be drawn.</summary>
/// <remarks>Pure: the record's file, the provider's public key, the inventory, and the record before if it is at hand.</remarks>
public static class RehearsalVerifier
{
    /// <param name="file">Two lines: the record, its signature.</param>
    /// <param name="inventory">The lines of the inventory's file; null: not at hand.</param>
    /// <param name="previous">The first line of the file of the record before; null: not at hand.</param>
    public static RehearsalVerdict Verify(IReadOnlyList<byte[]> file, string publicKeyPem, IReadOnlyList<byte[]>? inventory, byte[]? previous)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        if (file is not [var core, var signatureText] || RehearsalRecord.Read(core) is not { } record || Signature(signatureText) is not { } signature)
            return new(null, false, ["the file is not a record of a rehearsal and its signature, each on one line in its canonical form"]);
        if (EvidenceSignature.FingerprintOf(publicKeyPem) is not { } fingerprint)
            problems.Add("the public key is not one on curve P-256 in PEM form");
        else if (record.SignedBy != fingerprint)
            problems.Add("the record names another signer");
        else if (!EvidenceSignature.IsValid(publicKeyPem, core, signature))
            problems.Add("the signature is not one of this key over these bytes");
        if (!record.Core().AsSpan().SequenceEqual(core))
            problems.Add("the seed is not the one that follows from the record before and the inventory");
        if (previous is not null && RehearsalRecord.HashOf(previous) != record.Previous)
            problems.Add("the record before is another than this one names");
        if (record.Version > 1)
            problems.AddRange(record.Items.Select(item => item.Contradiction()).OfType<string>().Distinct());
        if (inventory is not null)
            problems.AddRange(Contradictions(record, inventory));
        return new(record, inventory is not null, problems.ToImmutable());
    }

    private static IEnumerable<string> Contradictions(RehearsalRecord record, IReadOnlyList<byte[]> inventory)
    {
        var lines = inventory.Select(line => InventoryLine.Read(line)).ToList();
        if (lines.Any(line => line is null))
        {
            yield return "the inventory holds a line that is none";
            yield break;
        }
        if (lines.Count != record.InventoryLines || InventoryRoot.Of(lines.Select(line => line!)) != record.InventoryRoot)
        {
            yield return "the inventory is not the one that the record names";
            yield break;
        }
        if (lines.Any(line => !line!.IsByRule(record.Previous)))
            yield return "the inventory holds a restore point that was not to be drawn from";
        var drawn = RehearsalDraw.Draw(RehearsalDraw.Seed(record.Previous, record.InventoryRoot), lines.Select(line => line!), record.Minimum);
        if (!drawn.SequenceEqual(record.Items.Select(item => item.Drawn)))
            yield return "the items are not those that had to be drawn";
    }

    private static byte[]? Signature(byte[] text)
    {
        try
        {
            return Convert.FromBase64String(System.Text.Encoding.ASCII.GetString(text));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
