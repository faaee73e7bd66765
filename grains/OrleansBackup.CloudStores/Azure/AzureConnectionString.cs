namespace OrleansBackup.CloudStores.Azure;

/// <summary>What a storage account's connection string says.</summary>
/// <remarks>Source: Azure Storage, "Configure connection strings". Shared access signatures are not supported: they expire.</remarks>
internal sealed record AzureConnectionString(string Account, byte[] Key, Uri BlobEndpoint)
{
    /// <exception cref="FormatException">A part is missing or malformed; the message never holds the key.</exception>
    public static AzureConnectionString Parse(string text)
    {
        var parts = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .ToLookup(part => part[0], part => part.Length == 2 ? part[1] : "", StringComparer.OrdinalIgnoreCase);
        var account = Required("AccountName");
        var key = new byte[128];
        if (!Convert.TryFromBase64String(Required("AccountKey"), key, out var length))
            throw new FormatException("AccountKey is not base64 text");
        var endpoint = parts["BlobEndpoint"].FirstOrDefault()
            ?? $"{parts["DefaultEndpointsProtocol"].FirstOrDefault() ?? "https"}://{account}.blob.{parts["EndpointSuffix"].FirstOrDefault() ?? "core.windows.net"}";
        return Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
            ? new(account, key[..length], address) : throw new FormatException($"BlobEndpoint '{endpoint}' is not an address");

        string Required(string name) => parts[name].FirstOrDefault() is { Length: > 0 } value ? value : throw new FormatException($"{name} is missing");
    }

    public override string ToString() => $"{Account} at {BlobEndpoint}";
}
