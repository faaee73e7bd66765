using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrleansBackup.Vault.Keys.Destruction;

/// <summary>What verifying found. Valid if there is no problem.</summary>
/// <param name="Record">What the record says; null if it cannot be read.</param>
public sealed record DeletionVerdict(DeletionRecord? Record, ImmutableArray<string> Problems)
{
    public bool IsValid => Problems.IsEmpty;
}

/// <summary>Verifies a deletion record from three files: the record, its signature and the provider's public key; the inventory if it is at hand.</summary>
/// <remarks>Pure: no store, no key of ours, no clock. What it cannot know: whether somebody kept a copy of the key elsewhere.</remarks>
public static class DeletionRecordVerifier
{
    /// <param name="inventory">Null: the record's claim about it is not checked.</param>
    /// <param name="publicKeyPem">As the provider gave it out before.</param>
    public static DeletionVerdict Verify(ReadOnlySpan<byte> record, ReadOnlySpan<byte> signature, string publicKeyPem, ReadOnlyMemory<byte>? inventory)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        using var key = ECDsa.Create();
        try { key.ImportFromPem(publicKeyPem); }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return new(null, ["the public key is not one in PEM form"]);
        }
        if (!DeletionSigner.IsP256(key))
            problems.Add("the public key is not on curve P-256");
        if (!IsSigned(key, record, signature))
            problems.Add("the signature is not one of this key over these bytes");
        try
        {
            var said = CanonicalJson.Read<DeletionRecord>(record);
            if (!CanonicalJson.IsCanonical(record))
                problems.Add("the record is not in its canonical form");
            problems.AddRange(Contradictions(said, DeletionSigner.FingerprintOf(key)));
            if (inventory is { } lines)
                problems.AddRange(Contradictions(said.Inventory, lines.Span));
            return new(said, problems.ToImmutable());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new(null, [.. problems, $"the record cannot be read: {e.Message}"]);
        }
    }

    private static bool IsSigned(ECDsa key, ReadOnlySpan<byte> record, ReadOnlySpan<byte> signature)
    {
        try { return key.VerifyData(record, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence); }
        catch (CryptographicException) { return false; } // not even the form of a signature
    }

    private static IEnumerable<string> Contradictions(DeletionRecord record, string signer)
    {
        if (record.Format != DeletionRecord.CurrentFormat)
            yield return $"the record's format is '{record.Format}', this verifier knows '{DeletionRecord.CurrentFormat}'";
        if (record.SignedBy != signer)
            yield return "the record names another signer";
        if (record.Keys.IsDefaultOrEmpty)
            yield return "no key was destroyed";
        if (record.KeyError.Length == 0)
            yield return "the tenant could still be opened";
        if (record.Attempts.IsDefault || (record.Attempts.IsEmpty && record.Inventory.Objects > record.Keys.Length))
            yield return "nothing was tried, though there were objects";
        foreach (var attempt in record.Attempts.IsDefault ? [] : record.Attempts)
            if (attempt.Before != "opened" || attempt.Error.Length == 0 || attempt.OtherKeyError.Length == 0)
                yield return $"'{attempt.Name}' was not shown to open before and to fail after";
    }

    private static IEnumerable<string> Contradictions(InventorySummary said, ReadOnlySpan<byte> inventory)
    {
        var lines = Encoding.UTF8.GetString(inventory).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var bytes = lines.Sum(line => long.TryParse(line.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : 0);
        return Convert.ToHexStringLower(SHA256.HashData(inventory)) == said.Sha256 && lines.Length == said.Objects && bytes == said.Bytes
            ? [] : ["the inventory is not the one that the record sums up"];
    }
}
