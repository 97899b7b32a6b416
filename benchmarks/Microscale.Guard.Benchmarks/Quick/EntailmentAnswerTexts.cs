namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>Five passages of some 150 words on one country's geography, and an answer of ten sentences about them: seven that
/// follow, and three that do not.</summary>
internal static class EntailmentAnswerTexts
{
    public static IReadOnlyList<string> Passages { get; } =
    [
        """
        Lake Vessel lies in the northern highlands and covers an area of 412 square kilometres. It was formed by a glacier at the end of
        the last ice age, when a wall of rubble closed the valley of the river Tarn. The deepest point of the lake is 188 metres below
        the surface, close to its eastern shore. Three rivers flow into it, and only the Tarn leaves it, through a gorge in the south.
        In winter the lake freezes over for about ten weeks, and the people of the villages used to cross it with sledges. Trout and
        whitefish have been caught here for centuries. The fishing rights belonged to the abbey of Hollen until 1803, when they were
        sold to the villages. Today about forty families live from fishing. The water is so clean that the town of Arnberg takes its
        drinking water from the lake. Motor boats have been forbidden on it since 1974, with the exception of the ferry.
        """,
        """
        The town of Arnberg was founded in 1240 by monks of the abbey of Hollen, who built a mill and a bridge over the Tarn. It received
        the right to hold a market in 1312, and grew rich from the trade in salt, which was carried over the pass to the south. A fire
        destroyed most of the wooden houses in 1587; the town was rebuilt in stone within twelve years. The town hall with its green
        copper roof dates from that time. The railway reached Arnberg in 1871, and two paper mills were opened soon afterwards. At their
        peak they employed more than two thousand workers. Both were closed in the 1990s, and one of them is now a museum of printing.
        Arnberg has about 31,000 inhabitants, a theatre and a small university of forestry. The market is still held every Thursday on
        the square in front of the town hall, where farmers sell cheese, honey and apples.
        """,
        """
        Mount Serrin is the highest mountain of the country, with a summit at 3,214 metres above the sea. It was first climbed in 1858 by
        the teacher Anna Lorring and two shepherds, who needed three days for the ascent from the southern side. A hut for climbers was
        built at 2,600 metres in 1902 and enlarged twice. The glacier on the northern side has lost two thirds of its length since it was
        first measured, and geologists expect it to vanish within thirty years. Golden eagles and ibex live on the slopes, and the blue
        Serrin bellflower grows nowhere else. The mountain has been a nature reserve since 1931. Every summer some nine thousand people
        reach the summit, most of them by the southern route, which is marked and secured with ropes. In winter the danger of avalanches
        is great, and the road to the last village is often closed for weeks.
        """,
        """
        The river Tarn is 284 kilometres long and flows from Lake Vessel to the sea at Port Mellin. In its upper part it runs through a
        narrow gorge, in which the water drops by ninety metres over a distance of two kilometres. A power station was built there in 1926;
        it supplies electricity to a fifth of the country. Below the gorge the valley opens, and the farmers grow barley, hops and sugar
        beet. Floods were frequent until the dykes were raised in the 1960s. Since then the river has left its bed only once, in the spring
        of 2006, when the water stood two metres high in the streets of Lower Tarn. Salmon had disappeared from the river by 1950 because of
        the waste of the paper mills. After the mills were closed the fish were brought back, and today several thousand of them
        pass the fish ladder at the power station each year.
        """,
        """
        Port Mellin is the largest city of the country and has the only harbour that is deep enough for ocean ships. Some 640,000 people
        live there. The old harbour was dug in the seventeenth century under Queen Maud, who wanted a fleet to protect the trade with the
        islands. Shipbuilding was the main industry for two hundred years, but the last yard was closed in 1983. Today most people work in
        insurance, in software companies and at the two universities. The opera house, a building of white concrete on the former site of
        the yards, was opened in 1999 and is the best known sight of the city. The trams are free of charge for everyone who lives in the
        city. In the summer a festival of the sea is held, with races of old sailing boats, and more than a hundred thousand visitors come
        to see them. The climate is mild, and snow seldom lies longer than a day.
        """,
    ];

    public static IReadOnlyList<string> Sentences { get; } =
    [
        "Lake Vessel was formed by a glacier at the end of the last ice age.",
        "The town of Arnberg takes its drinking water from the lake.",
        "Arnberg was founded in 1240 by monks of the abbey of Hollen.",
        "The market of Arnberg is held every Thursday.",
        "Mount Serrin was first climbed in 1858 by Anna Lorring and two shepherds.",
        "The glacier on the northern side of Mount Serrin has grown since it was first measured.",
        "The river Tarn flows from Lake Vessel to the sea at Port Mellin.",
        "The power station in the gorge was built by a foreign company.",
        "Port Mellin is the largest city of the country.",
        "The last shipyard of Port Mellin is still at work today.",
    ];
}
