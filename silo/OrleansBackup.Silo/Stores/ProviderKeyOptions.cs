using System.ComponentModel.DataAnnotations;
using Azure.Identity;
using OrleansBackup.CloudStores.KeyVault;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Vault.Keys;

namespace OrleansBackup.Silo.Stores;

/// <summary>What wraps the tenants' keys. Configuration section <c>Keys</c>.</summary>
/// <remarks>With a key in Key Vault, a key file that is still there goes on opening what it wrapped; new wrappings take Key Vault.</remarks>
internal sealed record ProviderKeyOptions : IValidatableObject
{
    public const string Section = "Keys";

    /// <summary>https://{vault}.vault.azure.net/keys/{name}, without a version. Null: the key file in the data folder.</summary>
    public Uri? AzureKeyVault { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AzureKeyVault is { } key && (!key.IsAbsoluteUri || key.Scheme != Uri.UriSchemeHttps || key.Segments is not [_, "keys/", _]))
            yield return new ValidationResult($"'{key}' is not a key's address without a version: set it to https://<vault>.vault.azure.net/keys/<name>.", [nameof(AzureKeyVault)]);
    }

    /// <returns>Null: the key file alone.</returns>
    public IKeyEncryption? Open(DataOptions data, TimeProvider time)
    {
        if (AzureKeyVault is not { } address)
            return null;
        var key = new AzureKeyVault(address, new DefaultAzureCredential(), new(), time);
        return File.Exists(data.KeyFile) ? new KeyRing(key, [KeyFile.Open(data.KeyFile)]) : key;
    }
}
