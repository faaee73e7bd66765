using OrleansBackup.ClientApi.Tests.Hosting;

namespace OrleansBackup.ClientApi.Tests.OpenApi;

/// <summary>The provider that the description names is the one whose tokens the server takes.</summary>
public sealed class DescribedSignInTests : ApiHost
{
    private const string Authority = "https://sign-in.fabrikam.example/tenant/v2.0/";

    [Fact]
    public async Task Where_there_is_a_provider_the_document_names_its_discovery_document()
    {
        var document = await GetAsync("/openapi/v1.json");
        var scheme = document.At("components").At("securitySchemes").At("openIdConnect");
        Assert.Equal($"{Authority.TrimEnd('/')}/.well-known/openid-configuration", scheme.Text("openIdConnectUrl"));
        Assert.Equal(3, document.At("paths").At("/api/v1/tenants").At("get").At("security").GetArrayLength());
    }

    protected override IEnumerable<KeyValuePair<string, string?>> Settings() => [new("Api:OpenId:Authority", Authority), new("Api:OpenId:ClientId", "portal")];
}
