using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Domain.Scope;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Recovery;

/// <summary>What has to be known of a tenant to begin again without the database. Stored beside its backups, encrypted like them.</summary>
/// <param name="WrappedSecret">Wrapped by the provider's key, so that the tenant's own key does not give it.</param>
/// <param name="Scope">Null: it names too many mailboxes for a card; which are protected stands in their own cards.</param>
/// <param name="Notices">Whom the tenant's notices go to; null: nobody, or a card of before.</param>
/// <param name="Contract">On cards of an earlier release only, read by <see cref="ServiceCards.Unpack"/>: contracts stand in the provider's ledger (<see cref="Ledger.Ledgers"/>).</param>
internal sealed record TenantCard(
    string Name, string ClientId, string WrappedSecret, DateTimeOffset OnboardedAt, ProtectionScope? Scope, RetentionRule Retention, BackupWindow Window, ImmutableArray<string> Countries,
    NoticeAddresses? Notices = null, string? Contract = null)
{
    /// <summary>Where rehearsals may put its items; null: a card of before, or wherever they lie.</summary>
    public RehearsalCard? Rehearsal { get; init; }

    /// <summary>Private keys wrapped as the secret is. Null: a card of before, or there are none.</summary>
    public ImmutableArray<KeptCertificate>? Certificates { get; init; }

    /// <summary>Null: the tenant signs in with its secret.</summary>
    public string? CertificateInUse { get; init; }
}

/// <summary>The tenant's word on rehearsals.</summary>
/// <param name="Targets">Local names of resources.</param>
internal sealed record RehearsalCard(bool ReadOnly, ImmutableArray<string> Targets)
{
    /// <returns>Null: what holds for everybody, which needs no card.</returns>
    public static RehearsalCard? Of(RehearsalSettings settings) =>
        settings is { ReadOnly: false, Targets.IsEmpty: true } ? null : new(settings.ReadOnly, [.. settings.Targets.Select(target => target.LocalName)]);

    /// <remarks>Without a target that this release does not know its kind's items would be tried where they lie, which nobody allowed: then nothing is tried.</remarks>
    public RehearsalSettings Settings(TenantId tenant)
    {
        var targets = (Targets.IsDefault ? [] : Targets).Select(name => ResourceId.TryParseLocalName(tenant, name, out var target) ? target : (ResourceId?)null).ToList();
        return new(ReadOnly || targets.Contains(null), [.. targets.OfType<ResourceId>()]);
    }
}

/// <summary>The same of a resource.</summary>
/// <param name="ObjectId">As Microsoft 365 writes it; the vault's names have small letters only.</param>
/// <param name="Reason">Why it is not protected, or null.</param>
internal sealed record ResourceCard(
    string ObjectId, string DisplayName, string Address, bool Protected, string? Reason, RetentionRule Retention, BackupWindow Window, bool HiddenFolders,
    LegalHoldRecord? Hold, BrakeRecord? Brake);

/// <summary>Cards as text. Stored: members may be added, and what is there keeps its meaning.</summary>
internal static class ServiceCards
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Write(TenantCard card)
    {
        var text = JsonSerializer.Serialize(card, Json);
        return text.Length <= VaultCard.MostCharacters ? text : JsonSerializer.Serialize(card with { Scope = null }, Json);
    }

    /// <summary>A contract as an earlier release wrote it on the card: JSON, brotli, base64.</summary>
    /// <exception cref="JsonException">It is no such text.</exception>
    public static KeptContract Unpack(string packed)
    {
        try
        {
            using var bytes = new BrotliStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress);
            return JsonSerializer.Deserialize<KeptContract>(bytes, Json) ?? throw new JsonException("The contract is empty.");
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException or InvalidOperationException)
        {
            throw new JsonException("The contract on the card cannot be read.", exception);
        }
    }

    public static string Write(ResourceCard card) => JsonSerializer.Serialize(card, Json);

    /// <exception cref="JsonException">It is no such card.</exception>
    public static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Json) ?? throw new JsonException("The card is empty.");
}
