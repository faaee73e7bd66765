using System.Collections.Immutable;
using NSubstitute;
using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Access;
using OrleansBackup.GrainInterfaces.Erasures;
using OrleansBackup.GrainInterfaces.Exports;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Portal.Tests.Hosting;

/// <summary>What people have begun at a tenant: proposals that wait, kept as the real book keeps them, an export that ended and one that goes, a search for a person, contacts who may decide.</summary>
internal sealed class Ledger
{
    public static readonly Guid Export = Guid.Parse("80000000-0000-0000-0000-000000000001"), Search = Guid.Parse("81000000-0000-0000-0000-000000000001");

    public static readonly ImmutableArray<Contact> Contacts =
        [new("Office", "office@fabrikam.example", NoticeLanguage.Nl, [NoticeKind.ConsequenceAhead], [ContactAuthority.ChangeScope, ContactAuthority.EndContract])];

    /// <summary>The consequences of whatever is foreseen: two days, two resources, and one that gets no new points.</summary>
    public const string List = "resource,point,day,items,gone on,otherwise\n"
        + "mailbox-20000000-0000-0000-0000-000000000000,61,2026-02-13,4061,2026-03-14,2026-05-14\nmailbox-20000000-0000-0000-0000-000000000000,62,2026-02-14,4062,2026-03-15,2026-05-15\n"
        + "onedrive-20000000-0000-0000-0000-000000000001,62,2026-02-14,70,2026-03-15,2026-05-15\nmailbox-20000000-0000-0000-0000-000000000002,no new points,,,,\n";

    private readonly List<DestructiveProposal> _waiting = [];

    public IProposalBookGrain Book { get; } = Substitute.For<IProposalBookGrain>();

    public ITenantExportGrain Exports { get; } = Substitute.For<ITenantExportGrain>();

    public IErasureSearchGrain Searches { get; } = Substitute.For<IErasureSearchGrain>();

    public IReadOnlyList<DestructiveProposal> Waiting => _waiting;

    private static CancellationToken Any => PortalWorld.Any;

    public void Teach(PortalWorld world)
    {
        world.Grains.GetGrain<IProposalBookGrain>(Arg.Any<string>()).Returns(Book);
        world.Grains.GetGrain<ITenantExportGrain>(Arg.Any<string>()).Returns(Exports);
        world.Grains.GetGrain<IErasureSearchGrain>(Arg.Any<string>()).Returns(Searches);
        Book.List(Any).Returns(_ => [.. _waiting]);
        Book.Propose(Arg.Any<ProposalOrder>(), Any).Returns(call =>
        {
            _waiting.Add(new DestructiveProposal(new Guid(_waiting.Count + 1, 0, 0, new byte[8]), call.Arg<ProposalOrder>(), Estate.Now, Estate.Now.AddDays(7)));
            return _waiting[^1];
        });
        Book.Take(Arg.Any<Guid>(), Arg.Any<string>(), Arg.Any<string>(), Any).Returns(call =>
        {
            var found = _waiting.Find(one => one.Id == call.Arg<Guid>()) ?? throw new NotFoundException("No such proposal waits.");
            if (found.Order.Person == call.ArgAt<string>(2))
                throw new NotPossibleNowException("Who proposed it cannot confirm it.");
            if (found.Order.Content != call.ArgAt<string>(1))
                throw new NotPossibleNowException("This is not what was proposed.");
            _waiting.Remove(found);
            return found;
        });
        Book.When(book => book.Drop(Arg.Any<Guid>(), Any)).Do(call => _waiting.RemoveAll(one => one.Id == call.Arg<Guid>()));
        Exports.List(Any).Returns([Ordered(null) with { Order = Ordered(null).Order with { Id = Guid.NewGuid(), By = null } }, Ordered(Estate.Now.AddHours(-1))]);
        Exports.Start(Arg.Any<TenantExportOrder>(), Any).Returns(call => Ordered(null) with { Order = call.Arg<TenantExportOrder>() });
        Searches.List(Any).Returns([Found]);
        Searches.Get(Arg.Any<Guid>(), Any).Returns(Found);
        Searches.Start(Arg.Any<Guid>(), Arg.Any<string>(), Arg.Any<PersonsDecision>(), Any).Returns(call => Found with { Id = call.Arg<Guid>() });
        Searches.ListFound(Arg.Any<Guid>(), Arg.Any<int>(), Arg.Any<int>(), Any).Returns([new FoundItem(Mailbag.Resource, Mailbag.Letter, "message", ["from"], 90), new FoundItem(Mailbag.Resource, Mailbag.Meeting, "event", ["organizer"], 90)]);
        Searches.Erase(Arg.Any<Guid>(), Arg.Any<ErasureChoice>(), Any).Returns(Found with { Stage = ErasureSearchStage.Erasing });
    }

    public static void Teach(ITenantGrain tenant, ListedStanding listed)
    {
        tenant.GetDestruction(PortalWorld.Any).Returns<TenantDestructionStatus>(_ => throw new NotFoundException("Nobody has ordered one."));
        tenant.StartDestruction(Arg.Any<DestructionRequest>(), PortalWorld.Any).Returns(call => Destroying(call.Arg<DestructionRequest>().Who, DestructionState.Destroying));
        tenant.ChangeSettings(Arg.Any<TenantSettings>(), PortalWorld.Any).Returns(_ => Estate.Overview(listed));
        tenant.ChangeSettingsAsAgreed(Arg.Any<TenantSettings>(), PortalWorld.Any).Returns(_ => Estate.Overview(listed));
    }

    public static TenantDestructionStatus Destroying(string who, DestructionState state) => new(
        new(who, $"The end {Estate.HostileName}", Estate.Now.AddHours(-2)), state, "Deleting objects", null, state == DestructionState.Done ? Estate.Now : null, 1_200, 9_000_000_000, state == DestructionState.Done ? 0 : 400, null, true, 0, null);

    private static ErasureSearch Found => new(Search, "weg@fabrikam.example", "0123456789abcdef0123456789abcdef", new("first-key", $"Demand 7 {Estate.HostileName}", Estate.Now.AddHours(-3)), ErasureSearchStage.Found, 40)
    {
        Searched = 40, Own = [new OwnResource(Mailbag.Resource, 90)], Items = 2, ListHash = "listhash",
    };

    private static TenantExportStatus Ordered(DateTimeOffset? ended) => new(
        new(Export, ended is null ? null : Estate.Today.AddDays(-1), "office@fabrikam.example", new("first-key", $"Asked in letter 12 {Estate.HostileName}", Estate.Now.AddHours(-5))), 40,
        [new ExportedResource("mailbox-20000000-0000-0000-0000-000000000000", 90, 4_000, 900_000_000, "aa", 1)], ended is null ? "Microsoft <b>waits</b>." : null, ended is null ? null : "ff00", ended, false);
}
