// Ask what a user of node-bowshock would ask, and print the answers as one JSON object.
// The client is found through NODE_PATH, which node_bowshock_driver.py sets.
"use strict";
const { mars } = require("node-bowshock");

async function ask() {
  // The client resolves with the error instead of rejecting.
  const refused = await mars.manifest({ rover: "sojourner" });
  return {
    by_date: await mars.curiosity("2015-05-30"),
    by_short_date: await mars.curiosity("2015-5-30"),
    opportunity: await mars.opportunity("2015-06-03"),
    spirit: await mars.spirit("2015-06-03"),
    manifest: await mars.manifest({ rover: "curiosity" }),
    by_sol: await mars.manifest({ rover: "perseverance", sol: 394 }),
    by_camera: await mars.manifest({ rover: "Curiosity", sol: 1000, camera: "fhaz" }),
    camera_alone: await mars.manifest({ rover: "curiosity", camera: "FHAZ" }),
    refused: { status: refused.response.status, body: refused.response.data },
  };
}

ask().then(
  (answers) => process.stdout.write(JSON.stringify(answers)),
  (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  },
);
