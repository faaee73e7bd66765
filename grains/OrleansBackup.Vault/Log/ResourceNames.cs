using OrleansBackup.Vault.Content;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Log;

/// <summary>The one place that knows how the objects of a tenant and a resource are named. FORMAT.md, "Names".</summary>
internal sealed class ResourceNames(ResourceName resource)
{
    public ResourceName Resource => resource;
    public string Prefix { get; } = $"{ResourcesOf(resource.Tenant)}{resource.Resource}/";

    public static BlobName KeysOf(string tenant) => new($"{tenant}/keys");
    public static string ResourcesOf(string tenant) => $"{tenant}/resources/";

    public static BlobName ChunkOf(string tenant, Format.Hash256 hash)
    {
        var text = hash.ToString();
        return new($"{tenant}/content/{text[..2]}/{text}");
    }

    /// <summary>A chunk that was written again because its first name was condemned; editions are numbered from 1.</summary>
    public static BlobName ChunkOf(string tenant, Format.Hash256 hash, int edition) =>
        edition == 0 ? ChunkOf(tenant, hash) : new($"{EditionsOf(tenant, hash)}{edition:d4}");

    public static string ContentOf(string tenant) => $"{tenant}/content/";
    public static string RescuedOf(string tenant) => $"{tenant}/rescued/";
    public static string EditionsOf(string tenant, Format.Hash256 hash) => $"{tenant}/rescued/{hash}/";
    public static string CardsOf(string tenant) => $"{tenant}/card/";
    public static string LedgerOf(string tenant) => $"{tenant}/ledger/";
    public static string HeldOf(string tenant) => $"{tenant}/held/";
    public static string SweepsOf(string tenant) => $"{tenant}/sweep/";

    public string LogPrefix => Prefix + "log/";
    public string BasePrefix => Prefix + "base/";
    public string PackPrefix => Prefix + "packs/";
    public string SparePrefix => Prefix + "spares/";
    public string PrunePrefix => Prefix + "prune/";
    public string RepackedPrefix => Prefix + "repacked/";
    public string CardPrefix => Prefix + "card/";

    /// <summary>Says nothing; makes a resource visible to a sweep before its first segment is there.</summary>
    public BlobName Opened => new(Prefix + "opened");

    public BlobName Segment(long sequence) => new($"{LogPrefix}{sequence:d10}");
    public BlobName BaseIndex(BaseRange range) => new($"{BasePrefix}{range}/index");
    public BlobName BasePart(BaseRange range, string writer, int part) => new($"{BasePrefix}{range}/{writer}-{part:d4}");
    public BlobName Pack(PackName pack) => new(PackPrefix + pack);
    public string EditionsOf(PackName pack) => $"{RepackedPrefix}{pack}/";
    public BlobName PackEdition(PackName pack, int edition) => new($"{EditionsOf(pack)}{edition:d4}");
    /// <summary>A second home of a content of a damaged pack; spares are numbered from 1.</summary>
    public BlobName Spare(PackName pack, Format.Hash256 hash, int number) => new($"{SparePrefix}{pack}/{hash}-{number:d4}");

    public BlobName PruneRecord(long number) => new($"{PrunePrefix}{number:d10}");
    public BlobName PruneRecordCopy(long number) => new($"{PrunePrefix}{number:d10}-copy");
}

/// <summary>What a base covers: the net change from the state at <paramref name="From"/> (0: nothing) to the state at <paramref name="To"/>.</summary>
internal readonly record struct BaseRange(long From, long To)
{
    public override string ToString() => $"{To:d10}-{From:d10}";

    public static BaseRange? TryParse(string text) =>
        text.Length == 21 && text[10] == '-' && LogNumber.TryParse(text.AsSpan(0, 10)) is { } to && LogNumber.TryParse(text.AsSpan(11)) is { } from && from < to
            ? new(from, to) : null;
}

/// <summary>Ten decimal digits, so that names sort as numbers.</summary>
internal static class LogNumber
{
    public static long? TryParse(ReadOnlySpan<char> text) =>
        text.Length == 10 && long.TryParse(text, System.Globalization.NumberStyles.None, null, out var value) ? value : null;
}
