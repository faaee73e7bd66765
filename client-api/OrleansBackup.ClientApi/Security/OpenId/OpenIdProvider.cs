using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansBackup.ClientApi.Problems;

namespace OrleansBackup.ClientApi.Security.OpenId;

/// <summary>What a provider says of itself in its discovery document.</summary>
/// <remarks>Source: OpenID Connect Discovery 1.0, section 3.</remarks>
internal sealed record ProviderDocument(string Issuer, Uri Authorization, Uri Token, Uri KeySet, bool NamesIssuerInAnswer);

/// <summary>The organisation's sign-in as this server knows it: its discovery document and its keys, read again when a key turns up that is not known, though never often.</summary>
internal sealed partial class OpenIdProvider(IOptions<OpenIdOptions> options, HttpClient http, TimeProvider time, ILogger<OpenIdProvider> log) : IDisposable
{
    private sealed record Known(ProviderDocument Document, IReadOnlyList<SigningKey> Keys, long ReadAt);

    private readonly SemaphoreSlim _turn = new(1);
    private volatile Known? _known;
    private long? _askedAt;

    private OpenIdOptions Options => options.Value;

    /// <exception cref="ProblemException">The provider cannot be reached, and never was.</exception>
    public async Task<ProviderDocument> DocumentAsync(CancellationToken cancellation) => (await CurrentAsync(_ => true, cancellation)).Document;

    /// <summary>Believes a token or not.</summary>
    /// <returns>Its claims.</returns>
    /// <exception cref="TokenRefusedException">It is not believed.</exception>
    /// <exception cref="ProblemException">The provider cannot be reached, and never was.</exception>
    public async Task<JsonElement> VerifyAsync(string token, string audience, string? nonce, CancellationToken cancellation)
    {
        var reader = TokenReader.Parse(token);
        var known = await CurrentAsync(one => reader.KeyIn(one.Keys) is not null, cancellation);
        var key = reader.KeyIn(known.Keys) ?? throw new TokenRefusedException("its key is not one of the provider's, or does not fit its algorithm");
        return reader.Verify(key, new TokenDemand(known.Document.Issuer, Options.Directories, audience, Options.ClockSkew, nonce), time.GetUtcNow());
    }

    /// <summary>Exchanges a code for the ID token of whoever signed in.</summary>
    /// <exception cref="TokenRefusedException">The provider did not give one.</exception>
    public async Task<string> RedeemAsync(string code, string verifier, string redirect, CancellationToken cancellation)
    {
        var document = await DocumentAsync(cancellation);
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["code_verifier"] = verifier, ["redirect_uri"] = redirect, ["client_id"] = Options.ClientId!,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, document.Token);
        if (Options.ClientSecret is { } secret)
            form["client_secret"] = secret;
        request.Content = new FormUrlEncodedContent(form);
        try
        {
            using var response = await http.SendAsync(request, cancellation);
            var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation)).RootElement;
            return response.IsSuccessStatusCode && TokenReader.Text(answer, "id_token") is { } token ? token
                : throw new TokenRefusedException($"the provider refused the code ({(int)response.StatusCode} {SafeWord(TokenReader.Text(answer, "error"))})");
        }
        catch (Exception error) when (IsAway(error, cancellation))
        {
            LogAway(log, document.Token, error);
            throw new ProblemException(Problem.SignInUnavailable());
        }
    }

    public void Dispose()
    {
        _turn.Dispose();
        http.Dispose();
    }

    private async Task<Known> CurrentAsync(Func<Known, bool> suffices, CancellationToken cancellation)
    {
        if (_known is { } now && suffices(now) && time.GetElapsedTime(now.ReadAt) < Options.KeysAtLeastEvery)
            return now;
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_known is { } meanwhile && suffices(meanwhile) && time.GetElapsedTime(meanwhile.ReadAt) < Options.KeysAtLeastEvery)
                return meanwhile;
            // Also after a failure: whoever invents keys, or a provider that is away, is not asked with every call.
            if (_askedAt is { } asked && time.GetElapsedTime(asked) < Options.KeysAtMostEvery)
                return _known ?? throw new ProblemException(Problem.SignInUnavailable());
            _askedAt = time.GetTimestamp();
            return _known = await ReadAsync(cancellation);
        }
        catch (Exception error) when (IsAway(error, cancellation))
        {
            LogAway(log, new Uri(Options.Authority!), error);
            return _known ?? throw new ProblemException(Problem.SignInUnavailable());
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<Known> ReadAsync(CancellationToken cancellation)
    {
        var document = await GetAsync(new Uri($"{Options.Authority!.TrimEnd('/')}/.well-known/openid-configuration"), cancellation);
        var issuer = TokenReader.Text(document, "issuer") ?? throw new JsonException("The discovery document names no issuer.");
        var provider = new ProviderDocument(
            issuer, Address(document, "authorization_endpoint"), Address(document, "token_endpoint"), Address(document, "jwks_uri"),
            document.TryGetProperty("authorization_response_iss_parameter_supported", out var named) && named.ValueKind == JsonValueKind.True);
        var keys = SigningKey.ReadSet(await GetAsync(provider.KeySet, cancellation));
        LogRead(log, issuer, keys.Count);
        return new Known(provider, keys, time.GetTimestamp());
    }

    private async Task<JsonElement> GetAsync(Uri address, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var response = await http.SendAsync(request, cancellation);
        response.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
        return document.RootElement.Clone();
    }

    private static Uri Address(JsonElement document, string name) =>
        Uri.TryCreate(TokenReader.Text(document, name), UriKind.Absolute, out var address) && OpenIdOptions.IsSafe(address) ? address : throw new JsonException($"'{name}' of the discovery document is no https address.");

    private static string SafeWord(string? error) => error is { Length: < 60 } && error.All(one => char.IsAsciiLetter(one) || one == '_') ? error : "";

    private static bool IsAway(Exception error, CancellationToken cancellation) =>
        error is HttpRequestException or JsonException or InvalidOperationException || (error is OperationCanceledException && !cancellation.IsCancellationRequested);

    [LoggerMessage(4101, LogLevel.Information, "Keys of the sign-in {Issuer} were read: {Count} that verify signatures")]
    private static partial void LogRead(ILogger log, string issuer, int count);

    [LoggerMessage(4102, LogLevel.Warning, "The sign-in at {Address} cannot be reached or understood; what is known of it stays, and it is asked again later")]
    private static partial void LogAway(ILogger log, Uri address, Exception exception);
}
