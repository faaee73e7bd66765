using System.Net;
using System.Text;
using System.Text.Json;
using OrleansBackup.ClientApi.Tests.Hosting;

namespace OrleansBackup.ClientApi.Tests.Changes;

/// <summary>Nobody overwrites what he has not seen, and nothing happens twice: against real grains.</summary>
[Collection(nameof(LiveServer))]
public sealed class ChangesTests(LiveServer server)
{
    private const string Settings = """{"scope":{"mode":"everything"},"retention":{"days":DAYS},"window":{"start":"20:00:00","length":"08:00:00"}}""";

    [Fact]
    public async Task What_was_read_is_changed_once_and_who_read_the_same_is_told_the_present_tag()
    {
        var path = $"{server.TenantPath}/settings";
        var tag = await TagOfAsync(path);
        using var changed = await SendAsync(HttpMethod.Put, path, Days(61), ("If-Match", tag));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(await TagOfAsync(path), changed.Headers.ETag!.ToString());

        using var late = await SendAsync(HttpMethod.Put, path, Days(62), ("If-Match", tag));
        var problem = await ApiHost.ExpectProblemAsync(late, HttpStatusCode.PreconditionFailed, "changed-meanwhile");
        Assert.Equal(await TagOfAsync(path), problem.Text("currentTag"));
        Assert.Equal(await TagOfAsync(path), late.Headers.ETag!.ToString());
        Assert.Equal(61, (await server.GetAsync(path)).At("retention").At("days").GetInt32());

        using var blind = await SendAsync(HttpMethod.Put, path, Days(63)); // without the header as before
        Assert.Equal(HttpStatusCode.OK, blind.StatusCode);
    }

    [Fact]
    public async Task A_tag_outlives_the_process_and_one_that_was_stale_before_is_stale_after()
    {
        var path = $"{server.TenantPath}/settings";
        var stale = await TagOfAsync(path);
        using (var changed = await SendAsync(HttpMethod.Put, path, Days(77), ("If-Match", stale)))
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        string[] documents = ["settings", "storage", "contacts"];
        var before = await Task.WhenAll(documents.Select(document => TagOfAsync($"{server.TenantPath}/{document}")));

        await server.RestartAsync(); // nothing that was in memory is left, as at another process of the cluster

        Assert.Equal(before, await Task.WhenAll(documents.Select(document => TagOfAsync($"{server.TenantPath}/{document}"))));
        using var late = await SendAsync(HttpMethod.Put, path, Days(78), ("If-Match", stale));
        await ApiHost.ExpectProblemAsync(late, HttpStatusCode.PreconditionFailed, "changed-meanwhile");
        Assert.Equal(77, (await server.GetAsync(path)).At("retention").At("days").GetInt32());
        using var right = await SendAsync(HttpMethod.Put, path, Days(79), ("If-Match", before[0]));
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task Of_many_who_change_the_same_at_once_exactly_one_succeeds()
    {
        var path = $"{server.TenantPath}/settings";
        var tag = await TagOfAsync(path);
        var answers = await Task.WhenAll(Enumerable.Range(100, 8).Select(async days =>
        {
            using var response = await SendAsync(HttpMethod.Put, path, Days(days), ("If-Match", tag));
            return response.StatusCode;
        }));
        Assert.Single(answers, HttpStatusCode.OK);
        Assert.Equal(7, answers.Count(answer => answer == HttpStatusCode.PreconditionFailed));
    }

    [Theory]
    [InlineData("contacts", """{"contacts":[{"name":"Kim","email":"kim@contoso.example"}]}""", """{"contacts":[]}""")]
    [InlineData("storage", """{"countries":["NL"]}""", """{"countries":[]}""")]
    [InlineData("billing-profile", """{"customer":{"name":"Contoso","street":"Kade 1","postalCode":"1011 AB","city":"Amsterdam","country":"NL"},"reference":"C-1"}""", null)]
    public async Task Every_document_of_a_tenant_has_a_tag_and_takes_If_Match(string document, string first, string? second)
    {
        var path = $"{server.TenantPath}/{document}";
        using var wrong = await SendAsync(HttpMethod.Put, path, first, ("If-Match", "\"of-yesterday\""));
        await ApiHost.ExpectProblemAsync(wrong, HttpStatusCode.PreconditionFailed, "changed-meanwhile");
        if (second is null)
            return;
        var tag = await TagOfAsync(path);
        using var unchanged = await SendAsync(HttpMethod.Get, path, null, ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var put = await SendAsync(HttpMethod.Put, path, first.Contains("NL", StringComparison.Ordinal) ? second : first, ("If-Match", tag));
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_price_list_that_is_not_there_cannot_be_matched_and_one_that_is_can()
    {
        using var none = await SendAsync(HttpMethod.Put, "/api/v1/price-lists/none", """{"id":"none","name":{"nl":"Geen","en":"None"},"versions":[]}""", ("If-Match", "*"));
        await ApiHost.ExpectProblemAsync(none, HttpStatusCode.PreconditionFailed, "changed-meanwhile");
        var list = (await server.GetAsync("/api/v1/price-lists")).First("priceLists");
        using var put = await SendAsync(HttpMethod.Put, $"/api/v1/price-lists/{list.Text("id")}", list.GetRawText(), ("If-Match", await TagOfAsync($"/api/v1/price-lists/{list.Text("id")}")));
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_creation_with_a_key_happens_once_also_after_a_restart_and_another_body_is_refused()
    {
        var (key, body) = (Guid.NewGuid().ToString(), Incident("a cable was cut"));
        using var first = await SendAsync(HttpMethod.Post, "/api/v1/incidents", body, ("Idempotency-Key", key));
        var created = await first.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);

        using var again = await SendAsync(HttpMethod.Post, "/api/v1/incidents", body, ("Idempotency-Key", key));
        Assert.Equal((HttpStatusCode.Created, created), (again.StatusCode, await again.Content.ReadAsStringAsync()));
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal("true", again.Headers.GetValues("Idempotent-Replay").Single());

        await server.RestartAsync();
        using var later = await SendAsync(HttpMethod.Post, "/api/v1/incidents", body, ("Idempotency-Key", key));
        Assert.Equal((HttpStatusCode.Created, created), (later.StatusCode, await later.Content.ReadAsStringAsync()));
        Assert.Single((await server.GetAsync("/api/v1/incidents")).At("incidents").EnumerateArray(), one => one.GetRawText().Contains("a cable was cut", StringComparison.Ordinal));

        using var other = await SendAsync(HttpMethod.Post, "/api/v1/incidents", Incident("something else"), ("Idempotency-Key", key));
        await ApiHost.ExpectProblemAsync(other, HttpStatusCode.UnprocessableEntity, "idempotency-key-reused", "Idempotency-Key");
    }

    [Fact]
    public async Task Of_many_at_once_with_one_key_one_is_carried_out()
    {
        var (key, what) = (Guid.NewGuid().ToString(), $"at once {Guid.NewGuid()}");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var response = await SendAsync(HttpMethod.Post, "/api/v1/incidents", Incident(what), ("Idempotency-Key", key));
            return response.StatusCode;
        }));
        Assert.Contains(HttpStatusCode.Created, answers);
        Assert.All(answers, answer => Assert.Contains(answer, new[] { HttpStatusCode.Created, HttpStatusCode.Conflict }));
        Assert.Single((await server.GetAsync("/api/v1/incidents")).At("incidents").EnumerateArray(), one => one.GetRawText().Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_creation_leaves_its_key_free()
    {
        var key = Guid.NewGuid().ToString();
        using var refused = await SendAsync(HttpMethod.Post, "/api/v1/incidents", "{}", ("Idempotency-Key", key));
        await ApiHost.ExpectProblemAsync(refused, HttpStatusCode.BadRequest, "invalid-request", "kind");
        using var right = await SendAsync(HttpMethod.Post, "/api/v1/incidents", Incident("a storm"), ("Idempotency-Key", key));
        Assert.Equal(HttpStatusCode.Created, right.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    public async Task A_key_that_is_none_is_refused(string key)
    {
        using var refused = await SendAsync(HttpMethod.Post, "/api/v1/incidents", Incident("x"), ("Idempotency-Key", key));
        await ApiHost.ExpectProblemAsync(refused, HttpStatusCode.BadRequest, "invalid-request", "Idempotency-Key");
    }

    private static string Incident(string what) => $$"""{"kind":"thirdParty","what":{"nl":"{{what}}","en":"{{what}}"},"from":"2026-03-14T10:00:00Z","reference":"REF-1"}""";

    private static string Days(int days) => Settings.Replace("DAYS", $"{days}", StringComparison.Ordinal);

    private async Task<string> TagOfAsync(string path)
    {
        using var response = await server.Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return response.Headers.ETag!.ToString();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await server.Client.SendAsync(request);
    }
}
