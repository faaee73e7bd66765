using System.Collections.Immutable;
using System.Net;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OrleansBackup.ClientApi.Tests.Hosting;
using OrleansBackup.Domain.Requests;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Requests;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.ClientApi.Tests.Requests;

public sealed class RestoreRequestEndpointsTests : ApiHost
{
    private static readonly Guid Id = Guid.Parse("019a0000-0000-7000-8000-000000000002");

    private static string Requests => $"/api/v1/tenants/{Sample.Tenant}/restore-requests";

    private static RequestListing Listing => new(Id, RequestStage.Received, "director@example.nl", "The folder of last week",
        new RestoreRequest(new RestorePointId(Sample.Mailbox, Sample.Newest.Sequence), RestoreSelection.Item("item"), null, [], ConflictPolicy.Skip, "first"), Sample.Noon,
        new RestorePreview([new PreviewedKind("message", 1, 500)], 0, []));

    private static string Body(string askedBy = "director@example.nl") => $$$"""
        {"askedBy":"{{{askedBy}}}","text":"The folder of last week","restore":{"resource":"{{{Sample.Mailbox.LocalName}}}","point":"latest","selection":{"itemIds":["item"]},"conflict":"skip"}}
        """;

    protected override IEnumerable<KeyValuePair<string, string?>> Settings() =>
        [.. Holder("portal", "customer-contact", "Director@example.nl"), .. Holder("script", "customer-contact", null), .. Holder("desk", "provider-operator", null)];

    [Theory]
    [InlineData("portal", "director@example.nl", HttpStatusCode.Created)]
    [InlineData("portal", "DIRECTOR@example.nl ", HttpStatusCode.Created)]
    [InlineData("portal", "colleague@example.nl", HttpStatusCode.Forbidden)]
    [InlineData("script", "director@example.nl", HttpStatusCode.Forbidden)] // nobody knows whose it is
    [InlineData("desk", "director@example.nl", HttpStatusCode.Created)] // whoever may restore writes down what was asked of him
    public async Task A_customer_asks_in_his_own_name_whatever_he_signs_in_with(string holder, string askedBy, HttpStatusCode expected)
    {
        Service.Requests.Make(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<RestoreRequest>(), Arg.Any<CancellationToken>()).Returns(Listing);
        using var request = new HttpRequestMessage(HttpMethod.Post, Requests) { Content = new StringContent(Body(askedBy), System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", $"{holder}-key");
        using var response = await Anonymous.SendAsync(request);
        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.Forbidden)
            await Service.Requests.DidNotReceive().Make(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<RestoreRequest>(), Arg.Any<CancellationToken>());
    }

    private static IEnumerable<KeyValuePair<string, string?>> Holder(string name, string role, string? person) =>
    [
        new($"Api:Keys:{name}", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{name}-key")))), new($"Api:KeyRoles:{name}", role),
        new($"Api:KeyTenants:{name}", Sample.Tenant.ToString()), .. person is null ? Array.Empty<KeyValuePair<string, string?>>() : [new($"Api:KeyPersons:{name}", person)],
    ];

    [Fact]
    public async Task A_request_is_taken_with_who_asks_and_who_typed_it_in()
    {
        Service.Requests.Make("director@example.nl", "The folder of last week", Arg.Any<RestoreRequest>(), Arg.Any<CancellationToken>()).Returns(Listing);

        var made = await SendAsync(HttpMethod.Post, Requests, Body(), HttpStatusCode.Created);

        Assert.Equal(("received", Id.ToString()), (made.Text("stage"), made.Text("id")));
        await Service.Requests.Received().Make(Arg.Any<string>(), Arg.Any<string>(), Arg.Is<RestoreRequest>(restore => restore.RequestedBy != "" && restore.Point.Sequence == Sample.Newest.Sequence), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Somebody_who_may_not_ask_is_a_problem_of_that_field()
    {
        Service.Requests.Make(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<RestoreRequest>(), Arg.Any<CancellationToken>()).ThrowsAsync(new InvalidRequestException("askedBy", "Not named for it."));

        await RefusedAsync(HttpMethod.Post, Requests, Body("stranger@example.nl"), HttpStatusCode.BadRequest, "invalid-request", "askedBy");
    }

    [Fact]
    public async Task It_is_listed_approved_declined_and_confirmed()
    {
        Service.Requests.List(Arg.Any<int>(), Arg.Any<CancellationToken>()).Returns(ImmutableArray.Create(Listing));
        Service.Requests.Get(Id, Arg.Any<CancellationToken>()).Returns(Listing);
        Service.Requests.Approve(Id, Arg.Any<string>(), "called back", Arg.Any<CancellationToken>()).Returns(Listing with { Stage = RequestStage.Running });
        Service.Requests.Decline(Id, Arg.Any<string>(), "called back", Arg.Any<CancellationToken>()).Returns(Listing with { Stage = RequestStage.Declined });
        Service.Requests.Confirm(Id, Arg.Any<string>(), true, 20, "he has it", Arg.Any<CancellationToken>()).Returns(Listing with { Stage = RequestStage.Confirmed, Delivered = true });

        Assert.Equal(1, (await GetAsync(Requests)).At("requests").GetArrayLength());
        Assert.Equal("director@example.nl", (await GetAsync($"{Requests}/{Id}")).Text("askedBy"));
        Assert.Equal("running", (await SendAsync(HttpMethod.Post, $"{Requests}/{Id}/approval", """{"why":"called back"}""", HttpStatusCode.Accepted)).Text("stage"));
        Assert.Equal("declined", (await SendAsync(HttpMethod.Post, $"{Requests}/{Id}/refusal", """{"why":"called back"}""", HttpStatusCode.OK)).Text("stage"));
        Assert.True((await SendAsync(HttpMethod.Post, $"{Requests}/{Id}/confirmation", """{"satisfied":true,"minutes":20,"note":"he has it"}""", HttpStatusCode.OK)).At("delivered").GetBoolean());
        await RefusedAsync(HttpMethod.Post, $"{Requests}/{Id}/approval", "{}", HttpStatusCode.BadRequest, "invalid-request", "why");
    }
}
