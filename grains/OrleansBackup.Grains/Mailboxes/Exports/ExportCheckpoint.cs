using System.Text.Json;

namespace OrleansBackup.Grains.Mailboxes.Exports;

/// <summary>What a mailbox's runs remember of its exports. Stored as JSON; additive: a property, once written, keeps its meaning.</summary>
/// <param name="Permitted">The tenant permitted it when it was last looked.</param>
/// <param name="IsWhole">Every item has its export, or is owed one. False: items have to be looked through.</param>
/// <param name="MailboxId">The mailbox's id in the export interface, which does not change; null: not known.</param>
internal sealed record ExportCheckpoint(bool Permitted, bool IsWhole, string? MailboxId)
{
    /// <exception cref="JsonException">The text is no checkpoint; the vault verified it, so it was written by a newer or broken release.</exception>
    public static ExportCheckpoint Parse(string? text) => text is null ? new ExportCheckpoint(false, false, null)
        : JsonSerializer.Deserialize<ExportCheckpoint>(text, JsonSerializerOptions.Web) ?? throw new JsonException("The checkpoint is empty.");

    public override string ToString() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
