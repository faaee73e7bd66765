using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using OrleansBackup.Vault.Keys;

namespace OrleansBackup.Grains.Composition;

/// <summary>What wraps the tenants' keys, and for the time of a rotation what wrapped them before. Configuration section <c>Keys</c>.</summary>
/// <remarks>With a key in Key Vault, a key file that is still at <see cref="File"/> goes on opening what it wrapped; new wrappings take Key Vault.</remarks>
public sealed record ProviderKeyOptions
{
    public const string Section = "Keys";

    /// <summary>The key file. Default: <c>keys/provider.key</c> in the data folder.</summary>
    public string? File { get; init; }

    /// <summary>https://{vault}.vault.azure.net/keys/{name}, without a version. Null: the key file.</summary>
    public Uri? AzureKeyVault { get; init; }

    public PreviousKeyOptions Previous { get; init; } = new();
}

/// <summary>The key that is being replaced. It opens and never wraps; take it out once a rotation has ended without anything left.</summary>
public sealed record PreviousKeyOptions
{
    public string? File { get; init; }

    public Uri? AzureKeyVault { get; init; }
}

/// <summary>Opens keys in Azure Key Vault; the host brings it.</summary>
public interface IKeyVaultFactory
{
    /// <summary>Reaches no network.</summary>
    /// <param name="key">Without a version.</param>
    IKeyEncryption Open(Uri key, TimeProvider time);
}

/// <summary>Every wrong setting of the keys, at the start.</summary>
internal sealed class ProviderKeyCheck(IEnumerable<IKeyVaultFactory> vaults) : IValidateOptions<ProviderKeyOptions>
{
    public ValidateOptionsResult Validate(string? name, ProviderKeyOptions options)
    {
        string[] problems = [.. AddressProblem("AzureKeyVault", options.AzureKeyVault), .. AddressProblem("Previous:AzureKeyVault", options.Previous.AzureKeyVault),
            .. FileProblem("File", options.File), .. FileProblem("Previous:File", options.Previous.File)];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private IEnumerable<string> AddressProblem(string setting, Uri? key)
    {
        if (key is null)
            yield break;
        if (!key.IsAbsoluteUri || key.Scheme != Uri.UriSchemeHttps || key.Segments is not [_, "keys/", _])
            yield return $"{ProviderKeyOptions.Section}:{setting} is '{key}', which is not a key's address without a version: set it to https://<vault>.vault.azure.net/keys/<name>.";
        else if (!vaults.Any())
            yield return $"{ProviderKeyOptions.Section}:{setting} is set, and this host brings no Key Vault: take it out.";
    }

    private static IEnumerable<string> FileProblem(string setting, string? path)
    {
        if (path is not null && !Path.IsPathRooted(path))
            yield return $"{ProviderKeyOptions.Section}:{setting} is '{path}': give it from the root, so that it means the same wherever the server is started.";
    }
}
