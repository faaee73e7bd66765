using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using OrleansBackup.Grains.Composition;

namespace OrleansBackup.Silo.Startup;

/// <summary>Refuses at the start what would otherwise fail at the first sign-in: an address that is none, a certificate that cannot be read.</summary>
internal sealed class GraphConnectionCheck : IValidateOptions<GraphConnectionOptions>
{
    public ValidateOptionsResult Validate(string? name, GraphConnectionOptions options)
    {
        string[] failures = [.. AddressFailure("Endpoint", options.Endpoint), .. AddressFailure("Authority", options.Authority), .. CertificateFailure(options.TrustedCertificateFile)];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> AddressFailure(string setting, Uri? address)
    {
        if (address is { IsAbsoluteUri: false } || address is { Scheme: not "https" })
            yield return $"{GraphConnectionOptions.Section}:{setting} must be an https address; it is '{address.OriginalString}'.";
    }

    private static IEnumerable<string> CertificateFailure(string? file)
    {
        if (file is null)
            return [];
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(file);
            return [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return [$"{GraphConnectionOptions.Section}:TrustedCertificateFile '{file}' cannot be read as a certificate: {error.Message}"];
        }
    }
}
