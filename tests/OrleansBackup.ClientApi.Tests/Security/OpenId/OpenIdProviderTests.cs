using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security.OpenId;

namespace OrleansBackup.ClientApi.Tests.Security.OpenId;

/// <summary>The provider's keys come and go; the server follows, and nobody can make it ask all day.</summary>
public sealed class OpenIdProviderTests : IDisposable
{
    private readonly TestIssuer _issuer = new();
    private readonly Web _web = new();
    private readonly ShiftedClock _clock = new(TestIssuer.Now);
    private readonly OpenIdProvider _provider;

    public OpenIdProviderTests()
    {
        _web.Keys = () => _issuer.KeySet("rsa").GetRawText();
        _provider = new OpenIdProvider(
            Options.Create(new OpenIdOptions { Authority = TestIssuer.Issuer, Audience = TestIssuer.Audience }), new HttpClient(_web), _clock, NullLogger<OpenIdProvider>.Instance);
    }

    public void Dispose()
    {
        _provider.Dispose();
        _issuer.Dispose();
        _web.Dispose();
    }

    [Fact]
    public async Task Known_keys_are_not_asked_for_again()
    {
        for (var time = 0; time < 5; time++)
            await VerifyAsync("RS256", "rsa");
        Assert.Equal(1, _web.KeysAsked);
    }

    [Fact]
    public async Task A_new_key_is_found_when_a_token_names_it()
    {
        await VerifyAsync("RS256", "rsa");
        _web.Keys = () => _issuer.KeySet("rsa", "ec").GetRawText();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await VerifyAsync("ES256", "ec");
        Assert.Equal(2, _web.KeysAsked);
    }

    [Fact]
    public async Task Invented_keys_make_the_server_ask_once_a_minute_and_no_more()
    {
        await VerifyAsync("RS256", "rsa");
        for (var time = 0; time < 20; time++)
            await Assert.ThrowsAsync<TokenRefusedException>(() => VerifyAsync("RS256", $"invented-{time}"));
        Assert.Equal(1, _web.KeysAsked);
        _clock.Advance(TimeSpan.FromMinutes(1));
        for (var time = 0; time < 20; time++)
            await Assert.ThrowsAsync<TokenRefusedException>(() => VerifyAsync("RS256", $"invented-{time}"));
        Assert.Equal(2, _web.KeysAsked);
    }

    [Fact]
    public async Task A_key_that_was_withdrawn_is_no_longer_believed_after_an_hour()
    {
        await VerifyAsync("RS256", "rsa");
        _web.Keys = () => _issuer.KeySet("ec").GetRawText();
        await VerifyAsync("RS256", "rsa");
        _clock.Advance(TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<TokenRefusedException>(() => VerifyAsync("RS256", "rsa"));
    }

    [Fact]
    public async Task A_provider_that_is_away_takes_nothing_away_that_is_known()
    {
        await VerifyAsync("RS256", "rsa");
        _web.Keys = () => throw new HttpRequestException("away");
        _clock.Advance(TimeSpan.FromHours(1));
        await VerifyAsync("RS256", "rsa");
    }

    [Fact]
    public async Task A_provider_that_was_never_there_is_said_to_be_away()
    {
        _web.Keys = () => "no key set";
        Assert.Equal(503, (await Assert.ThrowsAsync<ProblemException>(() => VerifyAsync("RS256", "rsa"))).Problem.Status);
        Assert.Equal(503, (await Assert.ThrowsAsync<ProblemException>(() => VerifyAsync("RS256", "rsa"))).Problem.Status);
        Assert.Equal(1, _web.KeysAsked);
    }

    [Fact]
    public async Task Keys_are_not_fetched_over_a_plain_connection()
    {
        _web.KeySet = "http://sign-in.example/keys";
        Assert.Equal(503, (await Assert.ThrowsAsync<ProblemException>(() => VerifyAsync("RS256", "rsa"))).Problem.Status);
        Assert.Equal(0, _web.KeysAsked);
    }

    private Task<JsonElement> VerifyAsync(string algorithm, string key)
    {
        var claims = TestIssuer.Claims();
        claims["exp"] = _clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds();
        return _provider.VerifyAsync(_issuer.Sign(claims, algorithm, key), TestIssuer.Audience, null, default);
    }

    private sealed class Web : HttpMessageHandler
    {
        public Func<string> Keys { get; set; } = () => "";

        public string KeySet { get; set; } = "https://sign-in.example/keys";

        public int KeysAsked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath == "/keys")
                KeysAsked++;
            var text = request.RequestUri.AbsolutePath == "/keys" ? Keys()
                : $$"""{"issuer":"{{TestIssuer.Issuer}}","authorization_endpoint":"https://sign-in.example/a","token_endpoint":"https://sign-in.example/t","jwks_uri":"{{KeySet}}"}""";
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "application/json") });
        }
    }
}
