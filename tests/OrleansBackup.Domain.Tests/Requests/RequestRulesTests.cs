using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Requests;

namespace OrleansBackup.Domain.Tests.Requests;

public sealed class RequestRulesTests
{
    private static readonly Contact[] Contacts =
    [
        new("The director", "director@example.nl", NoticeLanguage.Nl, [], [ContactAuthority.RequestRestore, ContactAuthority.EndContract]),
        new("The bookkeeper", "bookkeeper@example.nl", NoticeLanguage.Nl, [], [ContactAuthority.ChangeScope, ContactAuthority.EndContract]),
    ];

    [Fact]
    public void Only_a_contact_who_is_named_for_it_may_ask()
    {
        Assert.Equal("director@example.nl", RequestRules.Authorised(Contacts, "Director@Example.NL")!.Email);
        Assert.Null(RequestRules.Authorised(Contacts, "bookkeeper@example.nl")); // whatever else he may
        Assert.Null(RequestRules.Authorised(Contacts, "director@example.nl.evil.example"));
        Assert.Null(RequestRules.Authorised([], "director@example.nl"));
    }

    [Fact]
    public void What_brought_nothing_back_or_did_not_satisfy_was_not_delivered()
    {
        Assert.True(RequestRules.Delivered(back: 1, confirmed: true));
        Assert.False(RequestRules.Delivered(back: 0, confirmed: true));
        Assert.False(RequestRules.Delivered(back: 5, confirmed: false));
    }

    [Fact]
    public void A_request_is_decided_on_once_and_confirmed_after_its_end()
    {
        var possible = from one in Enum.GetValues<RequestStage>() from other in Enum.GetValues<RequestStage>() where RequestRules.WhyNot(one, other) is null select (one, other);

        Assert.Equal(
            [
                (RequestStage.Received, RequestStage.Declined), (RequestStage.Received, RequestStage.Running),
                (RequestStage.Running, RequestStage.Finished), (RequestStage.Finished, RequestStage.Confirmed),
            ], possible);
    }
}
