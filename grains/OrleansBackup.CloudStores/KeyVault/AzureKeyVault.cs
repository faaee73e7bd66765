using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using OrleansBackup.CloudStores.Azure;
using OrleansBackup.CloudStores.Transient;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Format;
using OrleansBackup.Vault.Keys;
using TokenCredential = Azure.Core.TokenCredential;

namespace OrleansBackup.CloudStores.KeyVault;

/// <summary>The key-encryption key as an RSA key of Azure Key Vault or a managed HSM: its private half never leaves there.</summary>
/// <remarks>
/// <para>Each wrapping takes a fresh key, encrypts what is wrapped with it (AES-256-GCM, the tenant's name as associated data) and has Key
/// Vault wrap that key with RSA-OAEP-256. What comes out names the version of the RSA key, so a key that was rotated in Key Vault
/// goes on opening what its earlier versions wrapped. The form is in FORMAT.md, "Keys".</para>
/// <para>Needs the rights get, wrapKey and unwrapKey. Source: Key Vault REST, version 7.4, "Wrap Key" and "Unwrap Key".</para>
/// </remarks>
public sealed class AzureKeyVault : IKeyEncryption, IDisposable
{
    private const string Scope = "https://vault.azure.net/.default", ApiVersion = "7.4", Algorithm = "RSA-OAEP-256";
    private const byte WrapVersion = 2;
    private const int KeyBytes = 32, TagBytes = 16;

    private readonly Uri _key;
    private readonly HttpClient _http;
    private readonly TokenAuthorization _authorization;
    private readonly Retrying _retrying;

    /// <param name="key">The key without a version: https://{vault}.vault.azure.net/keys/{name}. New wrappings take its newest version.</param>
    public AzureKeyVault(Uri key, TokenCredential credential, RetryOptions retry, TimeProvider time, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Segments is not [_, "keys/", _])
            throw new ArgumentException($"'{key}' is not the address of a key without a version: https://…/keys/name.", nameof(key));
        (_key, _retrying) = (key, new(retry, time));
        _http = new(handler ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };
        _authorization = new(credential, time, Scope);
    }

    /// <summary>The newest version of the key, by its full address.</summary>
    public async Task<string> IdentifyAsync(CancellationToken cancellation)
    {
        var answer = await SendAsync<KeyAnswer>(HttpMethod.Get, _key.AbsoluteUri, null, "", cancellation);
        return answer.Key?.Id ?? throw new StoreProtocolException(_key.AbsoluteUri, "the key has no id");
    }

    public async Task<byte[]> WrapAsync(ReadOnlyMemory<byte> dataKey, string tenant, CancellationToken cancellation)
    {
        var version = await IdentifyAsync(cancellation);
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        var wrapped = await SendAsync<Operation>(HttpMethod.Post, $"{version}/wrapkey", new(Algorithm, Base64Url.EncodeToString(key)), tenant, cancellation);
        var fields = new FieldWriter(1024);
        fields.Byte(WrapVersion);
        fields.Text(version);
        fields.Bytes(Base64Url.DecodeFromChars(wrapped.Value));
        var sealedKey = new byte[dataKey.Length + TagBytes];
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(new byte[12], dataKey.Span, sealedKey.AsSpan(0, dataKey.Length), sealedKey.AsSpan(dataKey.Length), Encoding.UTF8.GetBytes(tenant));
        fields.Fixed(sealedKey);
        return fields.ToArray();
    }

    public async Task<byte[]> UnwrapAsync(ReadOnlyMemory<byte> wrapped, string tenant, CancellationToken cancellation)
    {
        var (version, wrappedKey, sealedKey) = Split(wrapped.Span, tenant);
        // Another key's address would send our token to whoever wrote it there.
        if (!version.StartsWith($"{_key.AbsoluteUri}/", StringComparison.Ordinal))
            throw new WrongKeyException(tenant);
        var key = await SendAsync<Operation>(HttpMethod.Post, $"{version}/unwrapkey", new(Algorithm, Base64Url.EncodeToString(wrappedKey)), tenant, cancellation);
        var dataKey = new byte[sealedKey.Length - TagBytes];
        try
        {
            using var cipher = new AesGcm(Base64Url.DecodeFromChars(key.Value), TagBytes);
            cipher.Decrypt(new byte[12], sealedKey.AsSpan(0, dataKey.Length), sealedKey.AsSpan(dataKey.Length), dataKey, Encoding.UTF8.GetBytes(tenant));
        }
        catch (CryptographicException e) { throw new WrongKeyException(tenant, e); }
        return dataKey;
    }

    public void Dispose() => _http.Dispose();

    private static (string Version, byte[] WrappedKey, byte[] SealedKey) Split(ReadOnlySpan<byte> wrapped, string tenant)
    {
        try
        {
            var fields = new FieldReader(wrapped);
            if (fields.Byte() != WrapVersion)
                throw new WrongKeyException(tenant);
            var (version, key, rest) = (fields.Text(), fields.Bytes().ToArray(), fields.Rest().ToArray());
            return rest.Length > TagBytes && !version.Contains('?', StringComparison.Ordinal) && !version.Contains("..", StringComparison.Ordinal)
                ? (version, key, rest) : throw new WrongKeyException(tenant);
        }
        catch (InvalidDataException e) { throw new WrongKeyException(tenant, e); }
    }

    private async Task<T> SendAsync<T>(HttpMethod method, string address, Operation? body, string tenant, CancellationToken cancellation) => await _retrying.RunAsync(
        async (_, token) =>
        {
            using var request = new HttpRequestMessage(method, $"{address}?api-version={ApiVersion}");
            if (body is not null)
                request.Content = JsonContent.Create(body);
            await _authorization.AuthorizeAsync(request, token);
            try
            {
                using var response = await _http.SendAsync(request, token);
                if (!response.IsSuccessStatusCode)
                    throw FailureOf(response, tenant);
                return await response.Content.ReadFromJsonAsync<T>(token) ?? throw new StoreProtocolException(_key.AbsoluteUri, "an empty answer");
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                throw new PassingFailureException(e.Message, null, last => new StoreUnavailableException(_key.AbsoluteUri, e.Message, last), e);
            }
            catch (System.Text.Json.JsonException e) { throw new StoreProtocolException(_key.AbsoluteUri, "an answer that is no JSON", e); }
        },
        last => new StoreUnavailableException(_key.AbsoluteUri, "it does not answer in time", last), cancellation);

    private Exception FailureOf(HttpResponseMessage response, string tenant)
    {
        var (key, what) = (_key.AbsoluteUri, $"{(int)response.StatusCode} {response.ReasonPhrase}");
        return response.StatusCode switch
        {
            HttpStatusCode.BadRequest when tenant.Length > 0 => new WrongKeyException(tenant), // what it cannot unwrap, another key wrapped, or it is damaged
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new StoreAccessRefusedException(key, what),
            HttpStatusCode.NotFound => new StoreMissingException(key),
            HttpStatusCode.TooManyRequests => new PassingFailureException(what, response.Headers.RetryAfter?.Delta, last => new StoreThrottledException(key, last)),
            >= HttpStatusCode.InternalServerError => new PassingFailureException(what, response.Headers.RetryAfter?.Delta, last => new StoreUnavailableException(key, what, last)),
            _ => new StoreProtocolException(key, what),
        };
    }

    private sealed record Operation([property: JsonPropertyName("alg")] string? Algorithm, [property: JsonPropertyName("value")] string Value);

    private sealed record KeyAnswer([property: JsonPropertyName("key")] PublicKey? Key);

    private sealed record PublicKey([property: JsonPropertyName("kid")] string Id);
}
