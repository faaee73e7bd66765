using System.Text.Json.Nodes;
using OrleansBackup.ClientApi.Security.OpenId;
using OrleansBackup.Domain.Access;

namespace OrleansBackup.ClientApi.Tests.Security.OpenId;

public sealed class TokenReaderTests : IDisposable
{
    private static readonly TokenDemand Demand = new(TestIssuer.Issuer, [], TestIssuer.Audience, TimeSpan.FromMinutes(2));
    private readonly TestIssuer _issuer = new();

    public void Dispose() => _issuer.Dispose();

    [Theory]
    [InlineData("RS256", "rsa")]
    [InlineData("PS256", "rsa")]
    [InlineData("ES256", "ec")]
    public void A_good_token_is_believed(string algorithm, string key) =>
        Assert.Equal("kim-1", TokenReader.Text(Believed(_issuer.Sign(TestIssuer.Claims(), algorithm, key), "rsa", "ec", "other"), "sub"));

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("RS512")]
    [InlineData("NONE")]
    [InlineData("")]
    public void An_algorithm_that_is_not_one_of_three_is_refused(string algorithm) => Refused(_issuer.Sign(TestIssuer.Claims(), algorithm), "algorithm");

    [Fact]
    public void A_key_of_another_kind_is_never_tried_with_an_algorithm()
    {
        Refused(_issuer.Sign(TestIssuer.Claims(), "ES256", "rsa"), "key"); // names a key that is RSA
        Refused(_issuer.Sign(TestIssuer.Claims(), "RS256", "ec"), "key");
    }

    [Fact]
    public void A_token_that_names_another_key_of_the_set_is_refused() => Refused(_issuer.Sign(TestIssuer.Claims(), keyId: "other"), "signature");

    [Fact]
    public void A_token_that_names_an_unknown_key_is_refused() => Refused(_issuer.Sign(TestIssuer.Claims(), keyId: "invented"), "key");

    [Fact]
    public void Without_a_key_id_only_a_single_key_can_be_meant()
    {
        Refused(_issuer.Sign(TestIssuer.Claims(), keyId: null), "key", "rsa", "other");
        Believed(_issuer.Sign(TestIssuer.Claims(), keyId: null), "rsa", "ec");
    }

    [Fact]
    public void A_key_for_encryption_verifies_nothing() => Refused(_issuer.Sign(TestIssuer.Claims(), keyId: "encrypting"), "key", "encrypting");

    [Fact]
    public void A_short_key_is_no_key()
    {
        using var weak = System.Security.Cryptography.RSA.Create(1024);
        var parameters = weak.ExportParameters(false);
        var set = System.Text.Json.JsonSerializer.SerializeToElement(new { keys = new[] { new { kty = "RSA", kid = "rsa", n = System.Buffers.Text.Base64Url.EncodeToString(parameters.Modulus), e = "AQAB" } } });
        Assert.Empty(SigningKey.ReadSet(set));
    }

    [Fact]
    public void A_key_that_a_token_brings_along_is_not_looked_at() => Refused(
        _issuer.Sign(TestIssuer.Claims(), keyId: "mine", adjust: header => header["jwk"] = JsonNode.Parse(_issuer.KeySet("rsa").GetProperty("keys")[0].GetRawText())), "key", "ec");

    [Fact]
    public void An_extension_that_is_demanded_is_refused() => Refused(_issuer.Sign(TestIssuer.Claims(), adjust: header => header["crit"] = new JsonArray("b64")), "extension");

    [Fact]
    public void Another_kind_of_token_is_refused() => Refused(_issuer.Sign(TestIssuer.Claims(), adjust: header => header["typ"] = "logout+jwt"), "another kind");

    [Theory]
    [InlineData("iss", "https://other.example", "issuer")]
    [InlineData("iss", null, "issuer")]
    [InlineData("aud", "api://other", "audience")]
    [InlineData("aud", null, "audience")]
    [InlineData("sub", null, "nobody")]
    [InlineData("exp", null, "expired")]
    [InlineData("exp", "soon", "expired")]
    [InlineData("nbf", "soon", "not valid yet")]
    public void A_claim_that_does_not_hold_is_refused(string claim, string? value, string why)
    {
        var claims = TestIssuer.Claims();
        claims[claim] = value;
        Refused(_issuer.Sign(claims), why);
    }

    [Theory]
    [InlineData("exp", -121, true)]
    [InlineData("exp", -119, false)]
    [InlineData("nbf", 121, true)]
    [InlineData("nbf", 119, false)]
    [InlineData("iat", 121, true)]
    [InlineData("iat", 119, false)]
    public void Clocks_may_be_apart_by_the_skew_and_no_more(string claim, int seconds, bool isRefused)
    {
        var claims = TestIssuer.Claims();
        claims[claim] = TestIssuer.Now.AddSeconds(seconds).ToUnixTimeSeconds();
        if (isRefused)
            Refused(_issuer.Sign(claims), "");
        else
            Believed(_issuer.Sign(claims), "rsa");
    }

    [Fact]
    public void A_changed_token_is_refused()
    {
        var parts = _issuer.Sign(TestIssuer.Claims()).Split('.');
        var claims = TestIssuer.Claims();
        claims["roles"] = new JsonArray("more");
        Refused($"{parts[0]}.{TestIssuer.Part(claims.ToJsonString())}.{parts[2]}", "signature");
        Refused($"{parts[0]}.{parts[1]}.", "not signed");
        Refused($"{parts[0]}.{parts[1]}", "signed");
        Refused("ey.ey.ey", "");
        Refused(new string('a', 20_000), "signed");
    }

    [Fact]
    public void A_name_that_stands_twice_is_refused() =>
        Refused($"{TestIssuer.Part("""{"alg":"RS256","alg":"none","kid":"rsa"}""")}.{TestIssuer.Part("{}")}.AAAA", "read");

    [Fact]
    public void An_authority_of_many_organisations_lets_in_those_that_are_named()
    {
        const string ours = "aaaaaaaa-0000-0000-0000-000000000001", other = "bbbbbbbb-0000-0000-0000-000000000002";
        var many = Demand with { Issuer = "https://login.example/{tenantid}/v2.0", Directories = [ours] };
        Assert.Equal("kim-1", TokenReader.Text(Verify(Of(ours, ours), many, "rsa"), "sub"));
        Assert.Throws<TokenRefusedException>(() => Verify(Of(other, other), many, "rsa"));
        Assert.Throws<TokenRefusedException>(() => Verify(Of(other, ours), many, "rsa")); // says one directory, is issued by another
        Assert.Throws<TokenRefusedException>(() => Verify(Of(ours, null), many, "rsa"));

        string Of(string issuer, string? directory)
        {
            var claims = TestIssuer.Claims();
            (claims["iss"], claims["tid"]) = ($"https://login.example/{issuer}/v2.0", directory);
            return _issuer.Sign(claims);
        }
    }

    [Fact]
    public void An_id_token_belongs_to_its_sign_in_and_its_application()
    {
        var demand = Demand with { Nonce = "n-1" };
        Assert.Throws<TokenRefusedException>(() => Verify(With(), demand, "rsa"));
        Assert.Throws<TokenRefusedException>(() => Verify(With(("nonce", "n-2")), demand, "rsa"));
        Assert.Throws<TokenRefusedException>(() => Verify(With(("nonce", "n-1"), ("azp", "other")), demand, "rsa"));
        Assert.Throws<TokenRefusedException>(() => Verify(With(("nonce", "n-1"), ("aud", new JsonArray(TestIssuer.Audience, "other"))), demand, "rsa"));
        Verify(With(("nonce", "n-1")), demand, "rsa");

        string With(params (string Name, JsonNode Value)[] more)
        {
            var claims = TestIssuer.Claims();
            foreach (var (name, value) in more)
                claims[name] = value;
            return _issuer.Sign(claims);
        }
    }

    [Fact]
    public void Roles_come_from_the_map_and_only_a_vouched_for_address_is_a_person()
    {
        var options = new OpenIdOptions { Authority = TestIssuer.Issuer, Audience = TestIssuer.Audience, RoleMap = { ["backup-admins"] = "provider-admin" } };
        var claims = TestIssuer.Claims();
        var kim = AccountReader.Read(Believed(_issuer.Sign(claims), "rsa"), options);
        Assert.Equal(("kim@provider.example", "kim@provider.example", Role.ProviderAdmin), (kim.Name, kim.Email, Assert.Single(kim.Roles)));
        claims["email_verified"] = false;
        claims["roles"] = new JsonArray("provider-admin", "anything"); // a value that is not in the map, though it looks like a role
        var unsure = AccountReader.Read(Believed(_issuer.Sign(claims), "rsa"), options);
        Assert.Equal(("kim-1@sign-in.example", (string?)null), (unsure.Name, unsure.Email));
        Assert.Empty(unsure.Roles);
    }

    [Fact]
    public void A_claim_of_tenants_that_names_none_means_none_and_not_all()
    {
        var options = new OpenIdOptions { Authority = TestIssuer.Issuer, Audience = TestIssuer.Audience, TenantClaim = "tenants" };
        var claims = TestIssuer.Claims();
        claims["tenants"] = new JsonArray("*", 7);
        Assert.Empty(AccountReader.Read(Believed(_issuer.Sign(claims), "rsa"), options).Tenants!.Value);
    }

    private System.Text.Json.JsonElement Believed(string token, params string[] keys) => Verify(token, Demand, keys);

    private System.Text.Json.JsonElement Verify(string token, TokenDemand demand, params string[] keys)
    {
        var reader = TokenReader.Parse(token);
        return reader.Verify(reader.KeyIn(SigningKey.ReadSet(_issuer.KeySet(keys))) ?? throw new TokenRefusedException("no key"), demand, TestIssuer.Now);
    }

    private void Refused(string token, string why, params string[] keys) =>
        Assert.Contains(why, Assert.Throws<TokenRefusedException>(() => Believed(token, keys.Length == 0 ? ["rsa", "ec", "other"] : keys)).Message, StringComparison.Ordinal);
}
