using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces.Access;
using OrleansBackup.GrainInterfaces.Audit;

namespace OrleansBackup.ClientApi.Tests.Security;

/// <summary>API keys from their making to their end, on a whole server whose clock the test holds.</summary>
public sealed class KeyTests : IAsyncLifetime
{
    private const string One = "11111111-1111-1111-1111-111111111111";
    private const string Two = "22222222-2222-2222-2222-222222222222";

    private readonly ShiftedClock _clock = new(new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero));
    private RunningServer _server = null!;
    private HttpClient _admin = null!;

    public async Task InitializeAsync()
    {
        _server = await RunningServer.StartAsync(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)), [.. RunningServer.Key("kim", "provider-admin"), .. RunningServer.Key("sam", "provider-admin", One)]);
        _admin = _server.Client("kim-key");
    }

    public async Task DisposeAsync()
    {
        _admin.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_key_opens_what_its_roles_and_tenants_allow_and_nothing_else()
    {
        var (_, secret) = await MakeAsync("""{"name":"monitoring","roles":["auditor"],"tenants":["11111111-1111-1111-1111-111111111111"]}""");
        Assert.Equal(HttpStatusCode.OK, await AskAsync(secret, "/api/v1/plans"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(secret, "/api/v1/tenants"));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(secret, $"/api/v1/tenants/{One}"));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(secret, $"/api/v1/tenants/{Two}"));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(secret, "/api/v1/keys"));
    }

    [Fact]
    public async Task The_secret_is_shown_once_and_kept_nowhere()
    {
        var (key, secret) = await MakeAsync("""{"name":"script","roles":["provider-operator"]}""");
        Assert.StartsWith("obk_", secret, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, await _admin.GetStringAsync(new Uri($"/api/v1/keys/{key}", UriKind.Relative)), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, await _admin.GetStringAsync(new Uri("/api/v1/keys", UriKind.Relative)), StringComparison.Ordinal);
        var book = await Grains.ProviderAudit().List(null, 100, default);
        Assert.Contains(book.Entries, entry => entry is { Act: AuditActs.CreateKey, Actor: "kim" });
        Assert.DoesNotContain(book.Entries, entry => entry.Facts.Values.Any(value => value.Contains(secret, StringComparison.Ordinal)));
        foreach (var file in Directory.GetFiles(_server.Folder, "*", SearchOption.AllDirectories).Where(file => file.Contains("state", StringComparison.OrdinalIgnoreCase)))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            Assert.DoesNotContain(secret, Encoding.Latin1.GetString(copy.ToArray()), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_key_expires()
    {
        var (_, secret) = await MakeAsync("""{"name":"short","roles":["auditor"],"life":"1.00:00:00"}""");
        _clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(secret, "/api/v1/me"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(secret, "/api/v1/me"));
    }

    [Fact]
    public async Task A_rotated_key_is_taken_under_both_secrets_until_the_grace_is_over()
    {
        var (key, old) = await MakeAsync("""{"name":"turning","roles":["auditor"],"life":"10.00:00:00"}""");
        var rotated = await SendAsync(_admin, HttpMethod.Post, $"/api/v1/keys/{key}/rotations", """{"grace":"01:00:00"}""", HttpStatusCode.OK);
        var fresh = rotated.GetProperty("secret").GetString()!;
        Assert.NotEqual(old, fresh);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(old, "/api/v1/me"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(fresh, "/api/v1/me"));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(old, "/api/v1/me"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(fresh, "/api/v1/me"));
        Assert.Equal(_clock.GetUtcNow().AddHours(-1).AddDays(10), rotated.GetProperty("key").GetProperty("expiresAt").GetDateTimeOffset());
        await SendAsync(_admin, HttpMethod.Post, $"/api/v1/keys/{key}/rotations", """{"grace":"15.00:00:00"}""", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_rotation_without_grace_ends_the_secret_before_at_once()
    {
        var (key, old) = await MakeAsync("""{"name":"leaked","roles":["auditor"]}""");
        await SendAsync(_admin, HttpMethod.Post, $"/api/v1/keys/{key}/rotations", """{"grace":"00:00:00"}""", HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(old, "/api/v1/me"));
    }

    [Fact]
    public async Task A_revoked_key_is_gone_at_once_and_for_ever_and_its_name_with_it()
    {
        var (key, secret) = await MakeAsync("""{"name":"gone","roles":["auditor"]}""");
        var revoked = await SendAsync(_admin, HttpMethod.Delete, $"/api/v1/keys/{key}", null, HttpStatusCode.OK);
        Assert.Equal("kim", revoked.GetProperty("revokedBy").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(secret, "/api/v1/me"));
        await SendAsync(_admin, HttpMethod.Post, $"/api/v1/keys/{key}/rotations", "{}", HttpStatusCode.Conflict);
        await SendAsync(_admin, HttpMethod.Post, "/api/v1/keys", """{"name":"gone","roles":["auditor"]}""", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Last_use_is_known()
    {
        var (key, secret) = await MakeAsync("""{"name":"used","roles":["auditor"]}""");
        Assert.Equal(JsonValueKind.Null, (await SendAsync(_admin, HttpMethod.Get, $"/api/v1/keys/{key}", null, HttpStatusCode.OK)).GetProperty("lastUsedAt").ValueKind);
        await AskAsync(secret, "/api/v1/me");
        Assert.Equal(_clock.GetUtcNow(), (await SendAsync(_admin, HttpMethod.Get, $"/api/v1/keys/{key}", null, HttpStatusCode.OK)).GetProperty("lastUsedAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Nobody_makes_renews_ends_or_sees_a_key_that_could_do_more_than_he_can()
    {
        var (everywhere, _) = await MakeAsync("""{"name":"everywhere","roles":["auditor"]}""");
        using var sam = _server.Client("sam-key"); // an admin of one tenant
        await SendAsync(sam, HttpMethod.Post, "/api/v1/keys", """{"name":"wider","roles":["auditor"]}""", HttpStatusCode.Forbidden);
        await SendAsync(sam, HttpMethod.Post, "/api/v1/keys", $$"""{"name":"beside","roles":["auditor"],"tenants":["{{One}}","{{Two}}"]}""", HttpStatusCode.Forbidden);
        await SendAsync(sam, HttpMethod.Get, $"/api/v1/keys/{everywhere}", null, HttpStatusCode.NotFound);
        await SendAsync(sam, HttpMethod.Post, $"/api/v1/keys/{everywhere}/rotations", "{}", HttpStatusCode.NotFound);
        await SendAsync(sam, HttpMethod.Delete, $"/api/v1/keys/{everywhere}", null, HttpStatusCode.NotFound);
        var own = await SendAsync(sam, HttpMethod.Post, "/api/v1/keys", $$"""{"name":"own","roles":["customer-contact"],"tenants":["{{One}}"]}""", HttpStatusCode.Created);
        var seen = await SendAsync(sam, HttpMethod.Get, "/api/v1/keys", null, HttpStatusCode.OK);
        Assert.Equal(["own"], seen.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(own.GetProperty("secret").GetString()!, "/api/v1/keys"));
    }

    [Fact]
    public async Task A_key_acts_for_the_person_who_has_seen_its_secret()
    {
        var (key, secret) = await MakeAsync("""{"name":"robot","roles":["provider-admin"]}""");
        Assert.Equal(("robot", "kim"), await WhoAsync(secret));
        using var first = _server.Client(_server.FirstKey);
        var rotated = await SendAsync(first, HttpMethod.Post, $"/api/v1/keys/{key}/rotations", """{"grace":"01:00:00"}""", HttpStatusCode.OK);
        Assert.Equal(("robot", "jo@provider.example"), await WhoAsync(rotated.GetProperty("secret").GetString()!));
        Assert.Equal(("robot", "kim"), await WhoAsync(secret));
    }

    [Theory]
    [InlineData("""{"roles":["auditor"]}""", "name")]
    [InlineData("""{"name":"kim@provider.example","roles":["auditor"]}""", "name")]
    [InlineData("""{"name":"kim","roles":["auditor"]}""", "name")]
    [InlineData("""{"name":"first-key","roles":["auditor"]}""", "name")]
    [InlineData("""{"name":"the service","roles":["auditor"]}""", "name")]
    [InlineData("""{"name":"a-key"}""", "roles")]
    [InlineData("""{"name":"a-key","roles":[]}""", "roles")]
    [InlineData("""{"name":"a-key","roles":["root"]}""", "roles[0]")]
    [InlineData("""{"name":"a-key","roles":["auditor","auditor"]}""", "roles")]
    [InlineData("""{"name":"a-key","roles":["customer-contact"]}""", "tenants")]
    [InlineData("""{"name":"a-key","roles":["auditor"],"tenants":[]}""", "tenants")]
    [InlineData("""{"name":"a-key","roles":["auditor"],"tenants":["all"]}""", "tenants[0]")]
    [InlineData("""{"name":"a-key","roles":["auditor"],"life":"400.00:00:00"}""", "life")]
    [InlineData("""{"name":"a-key","roles":["auditor"],"life":"00:00:01"}""", "life")]
    public async Task What_is_wrong_with_an_order_is_named(string order, string field)
    {
        var problem = await SendAsync(_admin, HttpMethod.Post, "/api/v1/keys", order, HttpStatusCode.BadRequest);
        Assert.Equal(field, problem.GetProperty("field").GetString());
    }

    private IGrainFactory Grains => _server.Services.GetRequiredService<IGrainFactory>();

    private async Task<(string Id, string Secret)> MakeAsync(string order)
    {
        var made = await SendAsync(_admin, HttpMethod.Post, "/api/v1/keys", order, HttpStatusCode.Created);
        return (made.GetProperty("key").GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!);
    }

    private async Task<HttpStatusCode> AskAsync(string secret, string path)
    {
        using var client = _server.Client(secret);
        return (await client.GetAsync(new Uri(path, UriKind.Relative))).StatusCode;
    }

    private async Task<(string?, string?)> WhoAsync(string secret)
    {
        using var client = _server.Client(secret);
        var me = await SendAsync(client, HttpMethod.Get, "/api/v1/me", null, HttpStatusCode.OK);
        return (me.GetProperty("name").GetString(), me.GetProperty("person").GetString());
    }

    private static async Task<JsonElement> SendAsync(HttpClient client, HttpMethod method, string path, string? json, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{response.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }
}
